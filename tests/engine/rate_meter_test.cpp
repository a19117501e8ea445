#include "engine/rate_meter.h"

#include <gtest/gtest.h>

namespace lode::engine {
namespace {

using namespace std::chrono_literals;

TEST(RateMeter, MeansOverItsWindow) {
    RateMeter meter;
    const auto t0 = RateMeter::Clock::time_point(1h);
    EXPECT_EQ(meter.rate(10s), 0);
    meter.sample(t0, 0);
    EXPECT_EQ(meter.rate(10s), 0);
    meter.sample(t0 + 5s, 500);
    EXPECT_DOUBLE_EQ(meter.rate(10s), 100);
    meter.sample(t0 + 20s, 500);
    EXPECT_DOUBLE_EQ(meter.rate(60s), 25);
    EXPECT_DOUBLE_EQ(meter.rate(10s), 0);  // nothing newer than the sample before: its own interval
}

TEST(RateMeter, NoFullRateBeforeTheWindowIsFull) {
    RateMeter meter;
    const auto t0 = RateMeter::Clock::time_point(1h);
    EXPECT_EQ(meter.full_rate(10s), std::nullopt);
    meter.sample(t0, 0);
    meter.sample(t0 + 9s, 900);
    EXPECT_EQ(meter.full_rate(10s), std::nullopt);
    meter.sample(t0 + 10s, 1000);
    EXPECT_EQ(meter.full_rate(10s), 100);
    EXPECT_EQ(meter.full_rate(60s), std::nullopt);
}

TEST(RateMeter, ForgetsTheOld) {
    RateMeter meter;
    const auto t0 = RateMeter::Clock::time_point(1h);
    meter.sample(t0, 0);
    for (int minute = 1; minute <= 100; ++minute)
        meter.sample(t0 + minute * 1min, 60u * static_cast<unsigned>(minute));
    EXPECT_DOUBLE_EQ(meter.rate(std::chrono::hours(10)), 1);
}

}  // namespace
}  // namespace lode::engine
