#include "engine/session_record.h"

#include <gtest/gtest.h>

#include "support/fakes.h"

namespace lode::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

struct SessionRecordTest : ::testing::Test {
    SessionRecord record{{testing::soft_device("a"), testing::soft_device("b")}};
    std::vector<DeviceReading> readings{{"a", 700, {61, {}, {}, {}}}, {"b", 300, {}}};

    static Solution solution(std::uint8_t hash, bool block, bool solo, const char* device = "a") {
        Job job = testing::easy_job(4, 8);
        job.single_block = solo;
        job.height = 120;
        Solution s;
        s.job = work::seal(std::move(job));
        s.hash.bytes[0] = hash;
        s.difficulty = hash;
        s.block = block;
        s.device = device;
        return s;
    }
    void answered(const Solution& s, Outcome::Status status, std::string reason = {}) {
        record.answered(s, {status, std::move(reason)}, 12ms);
    }
    Snapshot snapshot() const { return record.snapshot(readings); }
};

TEST_F(SessionRecordTest, DevicesHaveStates) {
    EXPECT_EQ(snapshot().devices.at(0).state, DeviceState::Opening);
    DeviceInfo info;
    info.name = "chip";
    info.kernel = "sha-ni";
    record.happened(event::DeviceOpened{"a", info});
    record.happened(event::DeviceFailed{"b", {ErrorKind::Device, "no memory", {}, {}}, 1h});
    auto now = snapshot();
    EXPECT_EQ(now.devices.at(0).state, DeviceState::Running);
    EXPECT_EQ(now.devices.at(0).name, "chip");
    EXPECT_EQ(now.devices.at(0).kernel, "sha-ni");
    EXPECT_EQ(now.devices.at(0).hashes, 700u);
    EXPECT_EQ(now.devices.at(0).telemetry.temperature_c, 61);
    EXPECT_FALSE(now.devices.at(0).error);
    EXPECT_EQ(now.devices.at(1).state, DeviceState::Failed);
    EXPECT_EQ(now.devices.at(1).error->what, "no memory");
    EXPECT_EQ(now.hashes, 1000u);

    record.happened(event::DeviceFailed{"b", {ErrorKind::Device, "no memory", {}, {}}, 0ms});
    EXPECT_EQ(snapshot().devices.at(1).state, DeviceState::Opening);
    record.happened(event::DeviceRetired{"b", {ErrorKind::Device, "still no memory", {}, {}}});
    now = snapshot();
    EXPECT_EQ(now.devices.at(1).state, DeviceState::Retired);
    EXPECT_EQ(now.devices.at(1).failures, 3u);
    record.happened(event::DeviceOpened{"nobody", info});  // no device of ours: ignored
    EXPECT_EQ(snapshot().devices.size(), 2u);
}

TEST_F(SessionRecordTest, TheSourceIsTheOneInUse) {
    record.started("pool-1");
    EXPECT_EQ(snapshot().source.name, "pool-1");
    EXPECT_FALSE(snapshot().source.connected_since);
    record.happened(event::SourceConnected{"pool-1", "with TLS"});
    EXPECT_TRUE(snapshot().source.connected_since);
    record.happened(event::SourceConnected{"pool-0", {}});  // a failover tries it
    record.happened(event::SourceLost{"pool-0", {}, {}});
    EXPECT_EQ(snapshot().source.name, "pool-1");
    EXPECT_TRUE(snapshot().source.connected_since);
    record.happened(event::SourceLost{"pool-1", {ErrorKind::Unreachable, "closed", {}, {}}, 1s});
    EXPECT_FALSE(snapshot().source.connected_since);
    EXPECT_EQ(snapshot().source.error->what, "closed");
    record.happened(event::SourceSwitched{"pool-1", "pool-2"});
    EXPECT_EQ(snapshot().source.name, "pool-2");
    EXPECT_FALSE(snapshot().source.error);
    record.happened(event::JobReceived{work::seal(testing::easy_job(4, 8)), "pool-2"});
    EXPECT_TRUE(snapshot().source.connected_since);  // whoever sends jobs is connected
}

TEST_F(SessionRecordTest, TheJobWithItsJudgement) {
    EXPECT_FALSE(snapshot().job);
    Job job = testing::easy_job(4, 8, 7);
    job.height = 900'000;
    job.network = "main";
    job.difficulty = 512;
    const auto sealed = work::seal(std::move(job));
    record.happened(event::Judgement{sealed, "fork", "off at 899990"});  // comes before the job
    record.happened(event::JobReceived{sealed, "pool"});
    auto now = snapshot();
    ASSERT_TRUE(now.job);
    EXPECT_EQ(now.job->id, "7");
    EXPECT_EQ(now.job->height, 900'000);
    EXPECT_EQ(now.job->network, "main");
    EXPECT_EQ(now.job->judgement, "fork");
    EXPECT_EQ(now.source.difficulty, 512);
    EXPECT_LT(system_clock::now() - now.job->received, 1min);
    record.happened(event::Judgement{sealed, "tip", {}});
    EXPECT_EQ(snapshot().job->judgement, "tip");
    EXPECT_EQ(snapshot().jobs_doubted, 1u);
    record.happened(event::JobReceived{work::seal(testing::easy_job(4, 8, 8)), "pool"});
    EXPECT_EQ(snapshot().job->judgement, "");
    record.no_job();
    EXPECT_FALSE(snapshot().job);
}

TEST_F(SessionRecordTest, SharesByResultReasonAndDevice) {
    answered(solution(1, false, false), Outcome::Status::Accepted);
    answered(solution(2, false, false, "b"), Outcome::Status::Rejected, "low difficulty");
    answered(solution(3, false, false, "b"), Outcome::Status::Rejected, "low difficulty");
    answered(solution(4, false, false, "b"), Outcome::Status::Unknown, "session lost");
    record.dropped(solution(5, false, false));
    answered(solution(6, true, true), Outcome::Status::Accepted);  // a solo block is no share
    const auto now = snapshot();
    EXPECT_EQ(now.shares.accepted, 1u);
    EXPECT_EQ(now.shares.rejected, 2u);
    EXPECT_EQ(now.shares.unknown, 1u);
    EXPECT_EQ(now.shares.stale, 1u);
    ASSERT_EQ(now.shares.reasons.size(), 3u);
    EXPECT_EQ(now.shares.reasons[0].text, "low difficulty");
    EXPECT_EQ(now.shares.reasons[0].result, Outcome::Status::Rejected);
    EXPECT_EQ(now.shares.reasons[0].count, 2u);
    EXPECT_EQ(now.devices[0].shares.accepted, 1u);
    EXPECT_EQ(now.devices[0].shares.stale, 1u);
    EXPECT_EQ(now.devices[1].shares.rejected, 2u);
    EXPECT_EQ(now.devices[1].shares.reasons.size(), 2u);
    EXPECT_EQ(now.source.latency, 12ms);
    const auto totals = record.totals(readings);
    EXPECT_EQ(totals.shares_accepted, 1u);
    EXPECT_EQ(totals.shares_rejected, 2u);
    EXPECT_EQ(totals.blocks, 1u);
    EXPECT_EQ(totals.stale, 1u);
    EXPECT_EQ(totals.unknown, 1u);
}

TEST_F(SessionRecordTest, TheNumberOfReasonsIsLimited) {
    for (int i = 0; i < 100; ++i)
        answered(solution(1, false, false), Outcome::Status::Rejected, "reason " + std::to_string(i));
    const auto& reasons = snapshot().shares.reasons;
    ASSERT_EQ(reasons.size(), 33u);  // kMaxReasons, and the others
    EXPECT_EQ(reasons.back().text, "other reasons");
    EXPECT_EQ(reasons.back().count, 68u);
}

TEST_F(SessionRecordTest, WhatIsKnownOfABlock) {
    const auto at_pool = solution(1, true, false), solo = solution(2, true, true),
               lost = solution(3, true, true), refused = solution(4, true, true),
               late = solution(5, true, false);
    for (const auto& s : {at_pool, solo, lost, refused}) record.sent(s);
    EXPECT_EQ(snapshot().blocks.at(0).status, BlockStatus::Unknown);
    answered(at_pool, Outcome::Status::Accepted);
    answered(solo, Outcome::Status::Accepted);
    answered(lost, Outcome::Status::Unknown, "connection lost");
    answered(refused, Outcome::Status::Rejected, "high-hash");
    record.dropped(late);
    const auto now = snapshot();
    EXPECT_EQ(now.blocks_found, 5u);
    ASSERT_EQ(now.blocks.size(), 5u);
    EXPECT_EQ(now.blocks[0].status, BlockStatus::ShareAccepted);
    EXPECT_EQ(now.blocks[1].status, BlockStatus::Accepted);
    EXPECT_EQ(now.blocks[1].hash, solo.hash);
    EXPECT_EQ(now.blocks[1].height, 120);
    EXPECT_EQ(now.blocks[1].device, "a");
    EXPECT_EQ(now.blocks[2].status, BlockStatus::Unknown);
    EXPECT_EQ(now.blocks[3].status, BlockStatus::Rejected);
    EXPECT_EQ(now.blocks[3].reason, "high-hash");
    EXPECT_EQ(now.blocks[4].status, BlockStatus::Stale);
}

TEST_F(SessionRecordTest, OnlyTheNewestBlocksAreListed) {
    for (std::uint8_t i = 0; i < 70; ++i) record.sent(solution(i, true, true));
    answered(solution(0, true, true), Outcome::Status::Accepted);  // no longer listed
    const auto now = snapshot();
    EXPECT_EQ(now.blocks_found, 70u);
    ASSERT_EQ(now.blocks.size(), 64u);
    EXPECT_EQ(now.blocks.front().hash.bytes[0], 6);
    EXPECT_EQ(now.blocks.back().hash.bytes[0], 69);
}

TEST_F(SessionRecordTest, TheBestDifficultyStays) {
    EXPECT_EQ(snapshot().best_difficulty, 0);
    record.found(solution(9, false, false));
    record.found(solution(4, false, false));
    EXPECT_EQ(snapshot().best_difficulty, 9);
    EXPECT_EQ(snapshot().best_difficulty_ever, 9);
}

TEST(SessionRecord, TheBestDifficultyOfEarlierSessionsStays) {
    SessionRecord record({testing::soft_device("a")}, 8);
    const auto ever = [&] { return record.snapshot({{"a", 0, {}}}).best_difficulty_ever; };
    EXPECT_EQ(ever(), 8);
    record.found(SessionRecordTest::solution(4, false, false));
    EXPECT_EQ(ever(), 8);
    EXPECT_EQ(record.snapshot({{"a", 0, {}}}).best_difficulty, 4);
    record.found(SessionRecordTest::solution(9, false, false));
    EXPECT_EQ(ever(), 9);
}

TEST_F(SessionRecordTest, RatesAreAbsentUntilTheirWindowIsFull) {
    const auto t0 = RateMeter::Clock::time_point(1h);
    Hashrates rates;
    rates.sample(t0, {{"a", 0, {}}, {"b", 0, {}}});
    rates.sample(t0 + 5s, {{"a", 500, {}}, {"b", 0, {}}});
    record.measured(rates);
    EXPECT_FALSE(snapshot().rates.over_10s);
    rates.sample(t0 + 10s, {{"a", 1000, {}}, {"b", 500, {}}});
    record.measured(rates);
    const auto now = snapshot();
    EXPECT_EQ(now.rates.over_10s, 150);
    EXPECT_EQ(now.devices[0].rates.over_10s, 100);
    EXPECT_EQ(now.devices[1].rates.over_10s, 50);
    EXPECT_FALSE(now.rates.over_60s);
    EXPECT_FALSE(now.devices[0].rates.over_15min);
}

TEST_F(SessionRecordTest, UptimeEndsWithTheSession) {
    EXPECT_EQ(snapshot().uptime, 0ms);
    record.started("pool");
    record.stopped();
    const auto first = snapshot().uptime;
    std::this_thread::sleep_for(5ms);
    EXPECT_EQ(snapshot().uptime, first);
}

// At a pool a share's answer says nothing about the block.
TEST_F(SessionRecordTest, ABlockAtAPoolIsConfirmedLater) {
    const Solution pool = solution(1, true, false), early = solution(2, true, false),
                   solo = solution(3, true, true);
    for (const auto* s : {&pool, &early, &solo}) record.sent(*s);
    answered(pool, Outcome::Status::Accepted);
    answered(solo, Outcome::Status::Accepted);
    EXPECT_EQ(snapshot().blocks.at(0).status, BlockStatus::ShareAccepted);
    EXPECT_EQ(snapshot().blocks.at(2).status, BlockStatus::Accepted);
    auto totals = record.totals(readings);
    EXPECT_EQ(totals.blocks_found, 3u);
    EXPECT_EQ(totals.blocks, 2u);
    EXPECT_EQ(totals.blocks_accepted, 1u);

    record.happened(event::BlockConfirmed{pool.hash, 120, "the header tree"});
    record.happened(event::BlockConfirmed{early.hash, 120, "the header tree"});
    record.happened(event::BlockConfirmed{early.hash, 120, "the pool's next job"});        // once is enough
    record.happened(event::BlockConfirmed{solution(9, true, false).hash, 120, "anyone"});  // not ours
    answered(early, Outcome::Status::Unknown);  // comes after the network's word, which stands
    for (const auto& block : snapshot().blocks) EXPECT_EQ(block.status, BlockStatus::Accepted);
    totals = record.totals(readings);
    EXPECT_EQ(totals.blocks_accepted, 3u);
    EXPECT_EQ(totals.blocks, 2u);
    EXPECT_EQ(snapshot().blocks_accepted, 3u);
}

}  // namespace
}  // namespace lode::engine
