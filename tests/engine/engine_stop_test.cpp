// How an engine pauses, resumes and ends.
#include <gtest/gtest.h>

#include "lode/engine.h"
#include "support/engine_fixture.h"

namespace lode {
namespace {

using testing::easy_job;
using testing::soft_device;
using EngineStopTest = testing::EngineFixture;

TEST_F(EngineStopTest, AJobThatIsPublishedWhilePausedWaitsForResume) {
    start({soft_device("a")});
    engine->publish(work::seal(easy_job(4, 255)));
    ASSERT_TRUE(queue.run_until([&] { return source.submitted.size() >= 3; }));
    engine->pause_devices();
    EXPECT_TRUE(engine->snapshot().paused);
    const auto next = work::seal(easy_job(4, 255, 1));
    engine->publish(next);
    queue.run_for(std::chrono::milliseconds(300));  // long enough for thousands of shares
    for (const auto& s : source.submitted) EXPECT_NE(s.job, next);
    engine->resume_devices();
    EXPECT_FALSE(engine->snapshot().paused);
    EXPECT_TRUE(queue.run_until([&] { return source.submitted.back().job == next; }));
}

TEST_F(EngineStopTest, TheJobGoesOnAfterAPause) {
    start({soft_device("a")});
    const auto job = work::seal(easy_job(4, 255));
    engine->publish(job);
    ASSERT_TRUE(queue.run_until([&] { return !source.submitted.empty(); }));
    engine->pause_devices();
    engine->resume_devices();
    const std::size_t before = source.submitted.size();
    ASSERT_TRUE(queue.run_until([&] { return source.submitted.size() > before + 100; }));
    EXPECT_EQ(engine->totals().stale, 0u);
}

TEST_F(EngineStopTest, DoesNotWaitForADeviceThatIsOpening) {
    testing::StuckOpening stuck;
    start({stuck.entry("stuck"), soft_device("a")});
    stuck.wait_until_opening();
    engine->stop();
    EXPECT_TRUE(engine->abandoned());
    engine.reset();
    stuck.end();  // its thread goes on without the engine
}

TEST_F(EngineStopTest, AbandonsNoThreadUnnecessarily) {
    start({soft_device("a"), soft_device("b")});
    engine->publish(work::seal(easy_job(6, 255)));
    ASSERT_TRUE(queue.run_until([&] { return recorder.all<event::DeviceOpened>().size() == 2; }));
    engine->stop();
    EXPECT_FALSE(engine->abandoned());
}

TEST_F(EngineStopTest, NothingIsMeasuredAfterwards) {
    start({soft_device("a")});
    engine->publish(work::seal(easy_job(6, 255)));
    ASSERT_TRUE(queue.run_until([&] { return !source.submitted.empty(); }));
    engine->tick();
    engine->stop();
    engine->stop();
    const auto hashes = engine->totals().hashes;
    EXPECT_GT(hashes, 0u);
    engine->tick();
    EXPECT_EQ(recorder.all<event::Hashrate>().size(), 1u);
    EXPECT_EQ(engine->snapshot().hashes, hashes);
}

TEST_F(EngineStopTest, WhatWasStillQueuedDoesNothing) {
    start({soft_device("a")});
    engine->publish(work::seal(easy_job(2, 255)));
    ASSERT_TRUE(queue.run_until([&] { return !source.submitted.empty(); }));
    engine->stop();
    const std::size_t before = source.submitted.size();
    queue.run_for(std::chrono::milliseconds(10));
    EXPECT_EQ(source.submitted.size(), before);
    engine.reset();
    queue.run_for(std::chrono::milliseconds(10));  // answers of the source, to an engine that is gone
}

// A source may be stopped first or last: its answers are counted either way.
TEST_F(EngineStopTest, AnAnswerAfterwardsIsCounted) {
    std::vector<SubmitCallback> waiting;
    source.on_submit = [&](const Solution&, SubmitCallback callback) {
        waiting.push_back(std::move(callback));
    };
    start({soft_device("a")});
    engine->publish(work::seal(easy_job(4, 255)));
    ASSERT_TRUE(queue.run_until([&] { return !waiting.empty(); }));
    engine->stop();
    waiting.front()({Outcome::Status::Unknown, "stopped"});
    EXPECT_EQ(engine->totals().unknown, 1u);
}

}  // namespace
}  // namespace lode
