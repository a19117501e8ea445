#include "status/history.h"

#include <gtest/gtest.h>

#include "status/samples.h"

namespace lode::status {
namespace {

using namespace std::chrono_literals;

struct HistoryTest : ::testing::Test {
    History history;
    Snapshot now = lode::testing::sample_snapshot();

    void after(std::chrono::seconds time, std::uint64_t hashes, std::uint64_t accepted = 0) {
        now.taken += time;
        now.uptime += time;
        now.hashes += hashes;
        now.devices[0].hashes += hashes;
        history.sample(now, accepted, 0);
    }
};

TEST_F(HistoryTest, RatesBetweenPoints) {
    after(0s, 0);
    for (int i = 0; i < 4; ++i) after(1s, 100);
    EXPECT_TRUE(history.find("1h")->points().empty());
    after(1s, 600, 3);
    ASSERT_EQ(history.find("1h")->points().size(), 1u);
    const auto& point = history.find("1h")->points().front();
    EXPECT_EQ(point.rate, 200);  // 1,000 hashes in 5 s
    EXPECT_EQ(point.devices, std::vector<float>{200});
    EXPECT_EQ(point.accepted, 3u);
    EXPECT_EQ(point.latency_ms, 80);
    EXPECT_EQ(point.time, 1'700'000'005.0);
}

TEST_F(HistoryTest, IsBounded) {
    for (int i = 0; i < 100'000; ++i) after(5s, 10);
    EXPECT_EQ(history.find("1h")->points().size(), 720u);
    EXPECT_EQ(history.find("1d")->points().size(), 1440u);
    EXPECT_EQ(history.find("30d")->points().size(), 277u);
    EXPECT_EQ(history.find("1d")->points().back().rate, 2);
    EXPECT_EQ(history.find("2y"), nullptr);
}

TEST_F(HistoryTest, DevicesAreBounded) {
    now.devices.resize(1000, now.devices[0]);
    after(0s, 0);
    after(5s, 5);
    EXPECT_EQ(history.find("1h")->points().front().devices.size(), History::kMaxDevices);
    EXPECT_EQ(history.devices().size(), History::kMaxDevices);
}

}  // namespace
}  // namespace lode::status
