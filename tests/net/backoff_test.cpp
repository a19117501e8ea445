#include "net/backoff.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>

#include <gtest/gtest.h>

namespace lode::net {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesToItsLimitWithJitter) {
    Backoff backoff(100ms, 1s);
    for (const double step : {100.0, 200.0, 400.0, 800.0, 1000.0, 1000.0}) {
        const auto pause = static_cast<double>(backoff.next().count());
        EXPECT_GE(pause, 0.24 * step);
        EXPECT_LE(pause, step);
    }
    backoff.reset();
    EXPECT_LE(backoff.next(), 100ms);
}

struct Crowd {
    int busiest_second = 0;             // connections
    std::chrono::milliseconds last{0};  // after the pool's return
};

// Miners that all lose a pool at the same moment, or start together, until it answers again.
Crowd reconnect(int miners, std::chrono::milliseconds outage) {
    std::map<std::int64_t, int> each_second;
    Crowd crowd;
    for (int i = 0; i < miners; ++i) {
        Backoff backoff(1s);
        std::chrono::milliseconds now{0};
        while (now < outage) now += backoff.next();
        ++each_second[now / 1s];
        crowd.last = std::max(crowd.last, now - outage);
    }
    for (const auto& [second, count] : each_second)
        crowd.busiest_second = std::max(crowd.busiest_second, count);
    return crowd;
}

// In the mean 1,000 would be 20 to 40 a second; a bound of five standard deviations and more above that.
TEST(Backoff, AThousandMinersComeBackSpreadAndWithinAMinute) {
    for (const auto outage : {60s, 120s, 600s, 3600s}) {
        const Crowd crowd = reconnect(1000, outage);
        std::printf("outage %4d s: at most %d connections a second, the last after %.1f s\n",
                    static_cast<int>(outage.count()), crowd.busiest_second,
                    std::chrono::duration<double>(crowd.last).count());
        EXPECT_LT(crowd.busiest_second, 120);
        EXPECT_LE(crowd.last, 50s);
    }
    EXPECT_LT(reconnect(1000, 5s).busiest_second, 500);
}

}  // namespace
}  // namespace lode::net
