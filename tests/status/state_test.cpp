#include "status/state.h"

#include <gtest/gtest.h>

#include "status/samples.h"

namespace lode::status {
namespace {

using namespace std::chrono_literals;

struct Readiness : ::testing::Test {
    Snapshot now = lode::testing::sample_snapshot();
    Record record;
    bool loop_turns = true;
    std::string why() { return not_ready({now, record, loop_turns}).value_or("ready"); }
};

TEST_F(Readiness, Ready) {
    EXPECT_EQ(why(), "ready");
}
TEST_F(Readiness, Loop) {
    loop_turns = false;
    EXPECT_EQ(why(), "the io thread does not answer");
}
TEST_F(Readiness, Source) {
    now.source.connected_since.reset();
    EXPECT_EQ(why(), "not connected");
    now.source.error = Error{ErrorKind::Unreachable, "Connection refused", "pool.example:3333", {}};
    EXPECT_EQ(why(), "not connected: pool.example:3333: Connection refused");
}
TEST_F(Readiness, Devices) {
    now.devices[0].state = DeviceState::Failed;
    EXPECT_EQ(why(), "no device is running");
    now.devices.clear();
    EXPECT_EQ(why(), "no device is running");
}
TEST_F(Readiness, Paused) {
    now.paused = true;
    EXPECT_EQ(why(), "paused");
}
TEST_F(Readiness, Job) {
    now.job->received = now.taken - 31min;
    EXPECT_EQ(why(), "the last job is over 30 minutes old");
    now.job->network = "local";
    EXPECT_EQ(why(), "ready");
    now.job.reset();
    EXPECT_EQ(why(), "no job");
    // A block was found, and its answer is under way.
    record.happened(event::JobReceived{lode::testing::sample_job(), "local"}, now.taken - 29s);
    EXPECT_EQ(why(), "ready");
    now.taken += 2s;
    EXPECT_EQ(why(), "no job");
}

}  // namespace
}  // namespace lode::status
