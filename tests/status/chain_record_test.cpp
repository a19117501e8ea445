#include "status/chain_record.h"

#include <gtest/gtest.h>

#include "status/samples.h"

namespace lode::status {
namespace {

using lode::testing::kNow;

constexpr std::uint32_t kBits = 0x1e080000;
const Outcome kAccepted{Outcome::Status::Accepted, ""};

BlockHeader header(const Hash256& prev, std::uint32_t time, std::uint32_t nonce) {
    BlockHeader h;
    h.prev = prev;
    h.time = time;
    h.bits = kBits;
    h.nonce = nonce;
    return h;
}

struct ChainRecordTest : ::testing::Test {
    ChainRecord chain;

    void job(std::int64_t height, const Hash256& prev, const char* network = "local") {
        auto job = std::make_shared<Job>();
        job->height = height;
        job->prev = prev;
        job->bits = kBits;
        job->network = network;
        chain.note(event::JobReceived{job, "local"}, kNow);
    }
    void found(std::int64_t height, const BlockHeader& h, Outcome outcome = kAccepted) {
        auto solution = lode::testing::sample_solution(lode::testing::sample_job(height, true), 1, true);
        solution.header = h;
        solution.hash = h.hash();
        chain.note(event::BlockResult{solution, outcome, {}}, kNow);
    }
    std::string best() {  // nonces by height; '-' where another found it
        std::map<std::int64_t, std::string> by_height;
        for (const auto& block : chain.blocks())
            if (block.best)
                by_height[block.height] += block.header ? std::to_string(block.header->nonce) : "-";
        std::string text;
        for (const auto& [height, nonces] : by_height) text += std::to_string(height) + ":" + nonces + " ";
        return text;
    }
};

TEST_F(ChainRecordTest, OwnBlocksAndOtherMinersBlocks) {
    const auto genesis = header({}, 0, 0);
    const auto a = header(genesis.hash(), 10, 1);
    job(1, genesis.hash());
    found(1, a);
    job(2, a.hash());
    const auto theirs = header(a.hash(), 20, 7);
    job(3, theirs.hash());
    EXPECT_EQ(best(), "0:- 1:1 2:- ");
}

// The job that follows may come before the block's answer.
TEST_F(ChainRecordTest, AnAnswerAfterTheNextJob) {
    const auto a = header({}, 10, 1), b = header(a.hash(), 20, 2);
    job(1, {});
    job(2, a.hash());
    job(3, b.hash());
    found(1, a);
    found(2, b);
    EXPECT_EQ(best(), "0:- 1:1 2:2 ");
    EXPECT_EQ(chain.blocks().size(), 3u);
}

TEST_F(ChainRecordTest, AReorganisation) {
    const auto a1 = header({}, 10, 1), a2 = header(a1.hash(), 20, 2), b2 = header(a1.hash(), 21, 3),
               b3 = header(b2.hash(), 30, 4);
    job(1, {});
    found(1, a1);
    job(2, a1.hash());
    found(2, a2);
    job(3, a2.hash());
    EXPECT_EQ(best(), "0:- 1:1 2:2 ");
    found(2, b2);
    found(3, b3);
    job(4, b3.hash());
    EXPECT_EQ(best(), "0:- 1:1 2:3 3:4 ");
    EXPECT_EQ(chain.blocks().size(), 5u);  // the one that was left is still known
}

// Of another miner's branch only the tip is known.
TEST_F(ChainRecordTest, AReorganisationToAnUnknownBranch) {
    const auto a1 = header({}, 10, 1), a2 = header(a1.hash(), 20, 2), a3 = header(a2.hash(), 30, 3);
    job(1, {});
    found(1, a1);
    job(2, a1.hash());
    found(2, a2);
    job(3, a2.hash());
    found(3, a3);
    job(4, a3.hash());
    EXPECT_EQ(best(), "0:- 1:1 2:2 3:3 ");
    const auto b5 = header(header({}, 31, 9).hash(), 40, 9);
    const event::Reorganisation reorg{2, a3.hash(), b5.hash(), 5};
    chain.note(reorg, kNow);
    EXPECT_EQ(best(), "0:- 1:1 ");
    job(6, b5.hash());
    EXPECT_EQ(best(), "0:- 1:1 5:- ");
    chain.note(reorg, kNow);  // told once more, after the job
    EXPECT_EQ(best(), "0:- 1:1 5:- ");
}

TEST_F(ChainRecordTest, RejectedBlocksAreIgnoredAndOldOnesDropped) {
    job(1, {});
    found(1, header({}, 1, 1), {Outcome::Status::Rejected, "high-hash"});
    EXPECT_EQ(chain.blocks().size(), 1u);
    Hash256 prev;
    for (std::uint32_t i = 1; i < 500; ++i) {
        const auto h = header(prev, i, i);
        found(i, h);
        prev = h.hash();
        job(i + 1, prev);
    }
    EXPECT_EQ(chain.blocks().size(), ChainRecord::kMaxBlocks);
    EXPECT_EQ(chain.blocks().back().height, 499);
}

// The local network: a block in 2 s, a retarget every 10 blocks, by a factor of 4 at most
// (chain/network.cpp).
TEST_F(ChainRecordTest, TheRetargetAhead) {
    job(11, {});
    ASSERT_TRUE(retarget_ahead(chain));
    EXPECT_EQ(retarget_ahead(chain)->height, 20);
    EXPECT_EQ(retarget_ahead(chain)->blocks_left, 9);
    EXPECT_FALSE(retarget_ahead(chain)->expected_change);
    const auto a = header({}, 100, 1), b = header(a.hash(), 101, 2);
    found(11, a);
    job(12, a.hash());
    found(12, b);
    job(13, b.hash());
    EXPECT_EQ(retarget_ahead(chain)->blocks_left, 7);
    EXPECT_DOUBLE_EQ(*retarget_ahead(chain)->expected_change, 2.0);
    job(800'000, {}, "regtest");  // never retargets
    EXPECT_FALSE(retarget_ahead(chain));
    job(800'000, {}, "main");
    EXPECT_EQ(retarget_ahead(chain)->height, 800'352);
    job(5, {}, "");
    EXPECT_FALSE(retarget_ahead(chain));
}

}  // namespace
}  // namespace lode::status
