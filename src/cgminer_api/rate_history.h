// Hash rates over the windows that cgminer shows.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "cgminer_api/view.h"
#include "engine/rate_meter.h"
#include "lode/snapshot.h"

namespace lode::cgminer_api {

// Not thread-safe.
class RateHistory {
 public:
    using Clock = engine::RateMeter::Clock;
    static constexpr std::chrono::seconds kEvery{5};

    // To be called every kEvery.
    void sample(const Snapshot& snapshot, Clock::time_point now);
    // Before there are two samples, the mean since the start.
    void fill(View& view) const;

 private:
    engine::RateMeter total_;
    std::vector<engine::RateMeter> devices_;
};

}  // namespace lode::cgminer_api
