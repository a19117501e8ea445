#include "cgminer_api/rate_history.h"

#include <gtest/gtest.h>

namespace lode::cgminer_api {
namespace {

using namespace std::chrono_literals;

Snapshot after(std::chrono::seconds uptime, std::uint64_t hashes) {
    Snapshot snapshot;
    snapshot.uptime = uptime;
    snapshot.hashes = hashes;
    snapshot.devices.resize(1);
    snapshot.devices[0].hashes = hashes;
    return snapshot;
}

TEST(RateHistory, IsTheMeanSinceTheStartAtFirst) {
    RateHistory history;
    history.sample(after(0s, 0), RateHistory::Clock::time_point(1s));
    View view;
    view.snapshot = after(4s, 400);
    history.fill(view);
    EXPECT_EQ(view.rates.over_5s, 100);
    EXPECT_EQ(view.device_rates.at(0).over_15min, 100);
}

TEST(RateHistory, IsTheMeanOfEachWindowLater) {
    RateHistory history;
    const RateHistory::Clock::time_point start(1s);
    std::uint64_t hashes = 0;
    // Ten minutes at 1000 a second, then one at 2000, then 5 s at 3000.
    for (auto t = 0s; t <= 665s; t += RateHistory::kEvery) {
        history.sample(after(t, hashes), start + t);
        hashes += 5 * (t < 600s ? 1000 : t < 660s ? 2000 : 3000);
    }
    View view;
    view.snapshot = after(665s, hashes);
    history.fill(view);
    EXPECT_DOUBLE_EQ(view.rates.over_5s, 3000);
    EXPECT_DOUBLE_EQ(view.rates.over_1min, (55 * 2000 + 5 * 3000) / 60.0);
    EXPECT_DOUBLE_EQ(view.rates.over_5min, (235 * 1000 + 60 * 2000 + 5 * 3000) / 300.0);
    EXPECT_DOUBLE_EQ(view.rates.over_15min, (600 * 1000 + 60 * 2000 + 5 * 3000) / 665.0);
    EXPECT_DOUBLE_EQ(view.device_rates.at(0).over_5s, 3000);
}

}  // namespace
}  // namespace lode::cgminer_api
