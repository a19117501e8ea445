#include "work/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/p2p/mined.h"
#include "util/hex.h"

namespace lode::work {
namespace {

using chain::ChainTracker;
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
    void expect(JobStatus status, const char* detail, Asked asked = Asked::NotYet) const {
        const auto j = of(job, asked);
        EXPECT_EQ(name_of(j.status), name_of(status)) << j.detail;
        EXPECT_THAT(j.detail, HasSubstr(detail));
    }
    ChainTracker tracker;
    std::vector<BlockHeader> best, side;
    Job job;
};

TEST_F(JudgeTest, OnTheTip) {
    expect(JobStatus::Tip, "on the tip at height 10");
}

TEST_F(JudgeTest, Behind) {
    job.prev = best[8].hash();
    expect(JobStatus::Behind, "on height 9, 1 block behind the tip");
    job.prev = regtest().genesis_hash;
    expect(JobStatus::Behind, "on height 0, 10 blocks behind the tip");
}

TEST_F(JudgeTest, OnAFork) {
    job.prev = side[2].hash();
    expect(JobStatus::Fork, "left the best chain at height 5, 3 blocks long against 5");
}

TEST_F(JudgeTest, AheadUntilThePeersWereAsked) {
    job.prev.bytes.fill(1);
    job.height = 13;
    expect(JobStatus::Ahead, "2 blocks ahead of our tip at height 10");
    expect(JobStatus::Ahead, "no peer to ask", Asked::NoPeers);
    expect(JobStatus::UnknownChain, "which no peer has either", Asked::PeersLackIt);
    job.height = -1;
    expect(JobStatus::Ahead, "not among our headers");
}

TEST_F(JudgeTest, DeepBelowOurTipIsNoRace) {
    job.prev.bytes.fill(1);
    job.height = 5;
    expect(JobStatus::Ahead, "not among our headers");
    job.height = 4;
    expect(JobStatus::UnknownChain, "said to be at height 3; our chain has another block there");
    // The height from the coinbase where the job itself does not say.
    job.height = -1;
    job.coinbase1 =
        *util::from_hex("0100000001" + std::string(64, '0') + "ffffffff" + "0a5400000000000000000000");
    expect(JobStatus::UnknownChain, "said to be at height 3");
}

TEST_F(JudgeTest, WrongBits) {
    job.bits = 0x207ffffe;
    expect(JobStatus::WrongBits, "nBits 207ffffe at height 11 (expected: 207fffff)");
    job.prev.bytes.fill(1);
    job.bits = 0x2100ffff;
    expect(JobStatus::WrongBits, "nBits 2100ffff (expected: at most 207fffff)");
    job.bits = 0x01800000;
    expect(JobStatus::WrongBits, "nBits 01800000");
}

TEST_F(JudgeTest, BadTime) {
    // Times rise by a second a block: the median of blocks 0 to 10 is that of block 5.
    job.time = best[4].time;
    expect(JobStatus::BadTime, ("expected: at least " + std::to_string(best[4].time + 1)).c_str());
    job.time = best[4].time + 1;
    expect(JobStatus::Tip, "");
    job.time = kTime + 7200;
    expect(JobStatus::Tip, "");
    job.time = kTime + 7201;
    expect(JobStatus::BadTime, "7201 s ahead of our clock");
}

}  // namespace
}  // namespace lode::work
