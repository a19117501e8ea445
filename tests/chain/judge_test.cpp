#include "chain/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/chain/p2p/mined.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

using p2p::test::branch;
using p2p::test::kTime;
using p2p::test::regtest;
using testing::HasSubstr;

// Regtest: ten blocks, and three more that leave after the fifth.
struct JudgeTest : testing::Test {
    JudgeTest() : tracker(regtest()), best(branch(regtest().genesis_hash, 10, 1)) {
        side = branch(best[4].hash(), 3, 2, best[4].time + 1);
        for (const auto* headers : {&best, &side})
            for (const auto& h : *headers) EXPECT_TRUE(tracker.accept(h, kTime).has_value());
        job.prev = best[9].hash();
        job.bits = 0x207fffff;
        job.time = kTime;
    }
    [[nodiscard]] Judgement of(const Job& j, Asked asked = Asked::NotYet) const {
        return judge(tracker, j, kTime, asked);
    }
    void expect(Verdict verdict, const char* detail, Asked asked = Asked::NotYet) const {
        const auto j = of(job, asked);
        EXPECT_EQ(name_of(j.verdict), name_of(verdict)) << j.detail;
        EXPECT_THAT(j.detail, HasSubstr(detail));
    }
    ChainTracker tracker;
    std::vector<BlockHeader> best, side;
    Job job;
};

TEST_F(JudgeTest, OnTheTip) {
    expect(Verdict::Tip, "on the tip at height 10");
}

TEST_F(JudgeTest, Behind) {
    job.prev = best[8].hash();
    expect(Verdict::Behind, "on height 9, 1 block behind the tip");
    job.prev = regtest().genesis_hash;
    expect(Verdict::Behind, "on height 0, 10 blocks behind the tip");
}

TEST_F(JudgeTest, OnAFork) {
    job.prev = side[2].hash();
    expect(Verdict::Fork, "left the best chain at height 5, 3 blocks long against 5");
}

TEST_F(JudgeTest, AheadUntilThePeersWereAsked) {
    job.prev.bytes.fill(1);
    job.height = 13;
    expect(Verdict::Ahead, "2 blocks ahead of our tip at height 10");
    expect(Verdict::Ahead, "no peer to ask", Asked::Nobody);
    expect(Verdict::UnknownChain, "which no peer has either", Asked::InVain);
    job.height = -1;
    expect(Verdict::Ahead, "not among our headers");
}

TEST_F(JudgeTest, DeepBelowOurTipIsNoRace) {
    job.prev.bytes.fill(1);
    job.height = 5;
    expect(Verdict::Ahead, "not among our headers");
    job.height = 4;
    expect(Verdict::UnknownChain, "said to be at height 3; our chain has another block there");
    // The height from the coinbase where the job itself does not say.
    job.height = -1;
    job.coinbase1 =
        *util::from_hex("0100000001" + std::string(64, '0') + "ffffffff" + "0a5400000000000000000000");
    expect(Verdict::UnknownChain, "said to be at height 3");
}

TEST_F(JudgeTest, WrongBits) {
    job.bits = 0x207ffffe;
    expect(Verdict::WrongBits, "nBits 207ffffe at height 11 (expected: 207fffff)");
    job.prev.bytes.fill(1);
    job.bits = 0x2100ffff;
    expect(Verdict::WrongBits, "nBits 2100ffff (expected: at most 207fffff)");
    job.bits = 0x01800000;
    expect(Verdict::WrongBits, "nBits 01800000");
}

TEST_F(JudgeTest, BadTime) {
    // Times rise by a second a block: the median of blocks 0 to 10 is that of block 5.
    job.time = best[4].time;
    expect(Verdict::BadTime, ("expected: at least " + std::to_string(best[4].time + 1)).c_str());
    job.time = best[4].time + 1;
    expect(Verdict::Tip, "");
    job.time = kTime + 7200;
    expect(Verdict::Tip, "");
    job.time = kTime + 7201;
    expect(Verdict::BadTime, "7201 s ahead of our clock");
}

// Heights as they stand in coinbases of mainnet, and what is none.
TEST(CoinbaseHeight, AsBip34WritesIt) {
    const auto of = [](std::string_view script) {
        const auto raw =
            *util::from_hex("0100000001" + std::string(64, '0') + "ffffffff" + std::string(script));
        return coinbase_height(raw).value_or(-1);
    };
    EXPECT_EQ(of("0451000000"), 1);       // OP_1
    EXPECT_EQ(of("0460000000"), 16);      // OP_16
    EXPECT_EQ(of("020111"), 17);          // 0x11
    EXPECT_EQ(of("04028000aa"), 128);     // the sign bit needs a byte
    EXPECT_EQ(of("1d03a37903"), 227747);  // version 2 block 227,747
    EXPECT_EQ(of("1d03ef720d"), 881391);
    EXPECT_EQ(of("0403ef72"), -1);  // cut short
    EXPECT_EQ(of("020180"), -1);    // negative
    EXPECT_EQ(of("020011"), -1);    // an empty push
    EXPECT_EQ(of("02054e"), -1);    // longer than any height
    EXPECT_EQ(coinbase_height({}).value_or(-1), -1);
}

}  // namespace
}  // namespace lode::chain
