#include "lode/snapshot.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "support/engine_fixture.h"

namespace lode {
namespace {

using testing::easy_job;
using testing::soft_device;
using SnapshotTest = testing::EngineFixture;

TEST_F(SnapshotTest, OfASession) {
    start({soft_device("a"), soft_device("b")}, {.max_shares = 50});
    EXPECT_FALSE(engine->snapshot().job);
    Job job = easy_job(6, 8);
    job.height = 77;
    engine->publish(work::seal(std::move(job)));
    ASSERT_TRUE(run_until_finished());
    engine->stop();
    const Snapshot now = engine->snapshot();
    ASSERT_EQ(now.devices.size(), 2u);
    EXPECT_EQ(now.devices[0].id, "a");
    EXPECT_EQ(now.devices[0].backend, "cpu");
    EXPECT_EQ(now.devices[0].shares.accepted + now.devices[1].shares.accepted, 50u);
    EXPECT_EQ(now.devices[0].hashes + now.devices[1].hashes, now.hashes);
    EXPECT_EQ(now.source.name, "fake");
    EXPECT_TRUE(now.source.latency);
    ASSERT_TRUE(now.job);
    EXPECT_EQ(now.job->height, 77);
    EXPECT_EQ(now.shares.accepted, 50u);
    EXPECT_EQ(now.blocks_found, engine->totals().blocks);
    EXPECT_GT(now.blocks_found, 0u);
    EXPECT_EQ(now.blocks.front().status, BlockStatus::ShareAccepted);
    EXPECT_GE(now.best_difficulty, source.submitted[0].difficulty);
    EXPECT_FALSE(now.rates.over_10s);
}

// Under ThreadSanitizer this is the test that any thread may read.
TEST_F(SnapshotTest, AnyThreadMayTakeOne) {
    engine.emplace(queue.post(), recorder, std::vector{soft_device("a"), soft_device("bad", 3)},
                   EngineOptions{});
    std::atomic<bool> ended{false};
    std::uint64_t most = 0;
    std::thread reader([&] {
        while (!ended) most = std::max(most, engine->snapshot().hashes);
    });
    engine->start(source, [](const auto&) {});
    std::uint8_t salt = 0;
    source.on_submit = [&](const Solution&, SubmitCallback callback) {
        callback({Outcome::Status::Rejected, "reason " + std::to_string(++salt)});
        engine->tick();
        engine->publish(work::seal(easy_job(6, 8, salt)));
    };
    engine->publish(work::seal(easy_job(6, 8)));
    EXPECT_TRUE(queue.run_until([&] { return source.submitted.size() > 100; }));
    engine->stop();
    ended = true;
    reader.join();
    EXPECT_LE(most, engine->snapshot().hashes);
}

// The devices' first seconds count: the first tick has a rate.
TEST_F(SnapshotTest, TheFirstRateIsMeasuredFromTheStart) {
    start({soft_device("a")});
    engine->publish(work::seal(easy_job(6, 8)));
    EXPECT_TRUE(queue.run_until([&] { return source.submitted.size() > 10; }));
    engine->tick();
    const auto rates = recorder.all<event::Hashrate>();
    ASSERT_EQ(rates.size(), 1u);
    EXPECT_GT(rates[0].total, 0);
    EXPECT_FALSE(engine->snapshot().rates.over_10s);  // not full yet
}

}  // namespace
}  // namespace lode
