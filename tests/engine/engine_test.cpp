#include "lode/engine.h"

#include <atomic>
#include <set>

#include <gtest/gtest.h>

#include "lode/cuts_short.h"
#include "support/engine_fixture.h"

namespace lode {
namespace {

using testing::easy_job;
using testing::soft_device;
using testing::SoftDevice;

using EngineTest = testing::EngineFixture;

TEST_F(EngineTest, FindsSharesThatVerify) {
    start({soft_device("a"), soft_device("b")}, {.max_shares = 200});
    const auto job = work::seal(easy_job(6, 10));
    engine->publish(job);
    ASSERT_TRUE(run_until_finished());
    engine->stop();
    EXPECT_FALSE(error);
    std::set<Hash256> hashes;
    for (const auto& s : source.submitted) {
        EXPECT_EQ(s.header.hash(), s.hash);
        EXPECT_LE(s.hash.number(), job->share_target);
        EXPECT_EQ(s.block, s.hash.number() <= job->block_target);
        hashes.insert(s.hash);
    }
    EXPECT_EQ(hashes.size(), 200u);
    const auto totals = engine->totals();
    EXPECT_EQ(totals.shares_accepted, 200u);
    EXPECT_EQ(totals.hardware_errors, 0u);
    EXPECT_GT(totals.hashes, 200u);
    EXPECT_GT(totals.blocks, 0u);
    EXPECT_EQ(recorder.all<event::ShareResult>().size(), 200u);
    EXPECT_EQ(recorder.all<event::JobReceived>().size(), 1u);
    EXPECT_EQ(recorder.all<event::JobStarted>().size(), 1u);
}

// Nothing skipped, nothing twice: with one device the shares of a job are exactly those that the portable
// kernel finds.
TEST_F(EngineTest, NoNonceIsSkippedWhereBuffersOverflow) {
    start({soft_device("a")}, {.max_shares = 300});
    const auto job = work::seal(easy_job(3, 255));
    engine->publish(job);
    ASSERT_TRUE(run_until_finished());
    engine->stop();
    std::set<Hash256> found;
    std::uint32_t last = 0;
    for (const auto& s : source.submitted) {
        found.insert(s.hash);
        last = std::max(last, s.header.nonce);
    }
    ASSERT_GT(last, 200u);
    std::size_t expected = 0;
    for (unsigned v = 0; v < 8; ++v)
        for (std::uint32_t nonce = 0; nonce < last - 100; ++nonce) {
            BlockHeader header = work::header_of(*job, 0, v);
            header.nonce = nonce;
            if (header.hash().number() > job->share_target) continue;
            ++expected;
            EXPECT_TRUE(found.contains(header.hash())) << nonce;
        }
    EXPECT_GT(expected, 100u);
}

TEST_F(EngineTest, ASoloBlockEndsItsJob) {
    Job job = easy_job(4, 4);
    job.single_block = true;
    source.on_submit = [&](const Solution& s, SubmitCallback callback) {
        callback({Outcome::Status::Accepted, {}});
        Job next = easy_job(4, 4, static_cast<std::uint8_t>(s.job->prev.bytes[0] + 1));
        next.single_block = true;
        engine->publish(work::seal(std::move(next)));
    };
    start({soft_device("a"), soft_device("b")}, {.max_blocks = 20});
    engine->publish(work::seal(std::move(job)));
    ASSERT_TRUE(run_until_finished());
    engine->stop();
    ASSERT_EQ(source.submitted.size(), 20u);
    for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(source.submitted[i].job->prev.bytes[0], i);
    EXPECT_EQ(engine->totals().blocks, 20u);
    EXPECT_EQ(engine->totals().stale, 0u);
}

TEST_F(EngineTest, WithdrawnWorkIsStale) {
    start({soft_device("a")});
    std::size_t before = 0;
    source.on_submit = [&](const Solution&, SubmitCallback callback) {
        before = source.submitted.size();
        callback({Outcome::Status::Unknown, "session lost"});
        engine->withdraw();
        source.on_submit = [](const auto&, const auto& later) { later({Outcome::Status::Unknown, {}}); };
    };
    engine->publish(work::seal(easy_job(2, 255)));
    ASSERT_TRUE(queue.run_until([&] { return engine->totals().stale > 0; }));
    EXPECT_EQ(source.submitted.size(), before);
    EXPECT_GE(engine->totals().unknown, 1u);
}

// What a pool's source did not send because a clean job came is counted, but is no event.
TEST_F(EngineTest, WhatANewerJobMadeStaleIsDroppedQuietly) {
    source.on_submit = [&](const Solution&, SubmitCallback callback) {
        engine->publish(work::seal(easy_job(2, 255, 1)));
        source.on_submit = {};
        callback({Outcome::Status::Stale, "a clean job came first"});
    };
    start({soft_device("a")}, {.max_shares = 3});
    engine->publish(work::seal(easy_job(2, 255)));
    ASSERT_TRUE(run_until_finished());
    engine->stop();
    EXPECT_GE(engine->totals().stale, 1u);
    for (const auto& share : recorder.all<event::ShareResult>())
        EXPECT_EQ(share.outcome.status, Outcome::Status::Accepted);
}

TEST_F(EngineTest, DevicesWaitForAnswersAndLoseNothing) {
    std::vector<SubmitCallback> waiting;
    source.on_submit = [&](const Solution&, SubmitCallback callback) {
        waiting.push_back(std::move(callback));
    };
    start({soft_device("a")}, {.max_shares = 100, .max_pending = 8});
    engine->publish(work::seal(easy_job(2, 255)));
    ASSERT_TRUE(queue.run_until([&] { return waiting.size() >= 8; }));
    std::size_t most = 0;
    while (!finished) {
        most = std::max(most, waiting.size());
        ASSERT_FALSE(waiting.empty());
        auto callback = std::move(waiting.back());
        waiting.pop_back();
        callback({Outcome::Status::Accepted, {}});
        ASSERT_TRUE(queue.run_until([&] { return finished || !waiting.empty(); }));
    }
    EXPECT_LE(most, 8u + 2 * kMaxHits);
    EXPECT_EQ(engine->totals().shares_accepted, 100u);
}

TEST_F(EngineTest, ADeviceThatFailsIsReportedTheOthersGoOn) {
    start({soft_device("bad", 3), soft_device("good")}, {.max_shares = 500});
    engine->publish(work::seal(easy_job(8, 255)));
    ASSERT_TRUE(run_until_finished());
    EXPECT_FALSE(error);
    const auto failures = recorder.all<event::DeviceFailed>();
    ASSERT_FALSE(failures.empty());
    EXPECT_EQ(failures[0].device, "bad");
    EXPECT_EQ(failures[0].error.what, "broken on purpose");
    EXPECT_EQ(failures[0].retry_in, std::chrono::seconds(1));
    EXPECT_TRUE(recorder.all<event::DeviceRetired>().empty());
}

TEST_F(EngineTest, WrongResultsAreCountedAndTheDeviceIsReopened) {
    start({soft_device("liar", -1, true)});
    engine->publish(work::seal(easy_job(20, 255)));
    ASSERT_TRUE(queue.run_until([&] {
        const auto failures = recorder.all<event::DeviceFailed>();
        return !failures.empty() && failures[0].error.what == "its results are wrong";
    }));
    EXPECT_GE(engine->totals().hardware_errors, 5u);
    EXPECT_TRUE(source.submitted.empty());
}

TEST_F(EngineTest, WithoutADeviceItEnds) {
    start({});
    EXPECT_FALSE(finished);  // not from inside start()
    ASSERT_TRUE(run_until_finished());
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind, ErrorKind::Device);
}

TEST_F(EngineTest, ASourceThatGivesUpEndsIt) {
    start({soft_device("a")});
    engine->give_up({ErrorKind::Unreachable, "connection refused", "http://127.0.0.1:1", {}});
    EXPECT_TRUE(finished);
    EXPECT_EQ(error->kind, ErrorKind::Unreachable);
}

class CountingCuts : public SoftDevice, public CutsShort {
 public:
    explicit CountingCuts(std::atomic<int>& cuts) : SoftDevice("a"), cuts_(cuts) {}
    void cut_short() override { ++cuts_; }
    std::uint64_t left_out() const override { return 0; }

 private:
    std::atomic<int>& cuts_;
};

TEST_F(EngineTest, ANewBlockCutsShortWhatIsBeingScanned) {
    std::atomic<int> cuts{0};
    DeviceEntry entry;
    entry.id = "a";
    entry.open = [&]() -> OpenedDevice { return std::make_unique<CountingCuts>(cuts); };
    start({entry});
    const auto job = [](std::uint8_t block) { return work::seal(easy_job(30, 255, block)); };
    engine->publish(job(1));
    ASSERT_TRUE(queue.run_until([&] { return !recorder.all<event::JobStarted>().empty(); }));
    const auto after = [&](auto&& act) {
        const int before = cuts;
        act();
        return cuts - before;
    };
    EXPECT_GE(after([&] { engine->publish(job(2)); }), 1);
    EXPECT_GE(after([&] { engine->withdraw(); }), 1);
    engine->stop();
}

TEST_F(EngineTest, ANewJobReachesTheDevicesWithoutStoppingThem) {
    start({soft_device("a")}, {.max_shares = 400});
    std::uint8_t salt = 0;
    source.on_submit = [&](const Solution&, SubmitCallback callback) {
        callback({Outcome::Status::Accepted, {}});
        Job next = easy_job(6, 255, ++salt);
        next.clean = false;
        next.prev = {};  // same block: earlier jobs stay submittable
        engine->publish(work::seal(std::move(next)));
    };
    engine->publish(work::seal(easy_job(6, 255)));
    ASSERT_TRUE(run_until_finished());
    EXPECT_EQ(engine->totals().stale, 0u);
}

}  // namespace
}  // namespace lode
