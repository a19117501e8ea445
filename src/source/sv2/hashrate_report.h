// Decides when to report a new hash rate to the pool, which sets the channel's target by it.
#pragma once

#include <chrono>
#include <cmath>
#include <optional>

namespace lode::source::sv2 {

class HashrateReport {
 public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // rate: measured hashes per second, more than 0. Returns the rate to report now, if it has changed
    // enough.
    std::optional<double> update(double rate, TimePoint now) {
        if (now < next_) return std::nullopt;
        if (std::abs(rate - told_) < kChange * told_) return std::nullopt;
        told(rate, now);
        return rate;
    }
    void told(double rate, TimePoint now) {
        told_ = rate;
        next_ = now + kPause;
    }

 private:
    static constexpr double kChange = 0.2;
    static constexpr std::chrono::seconds kPause{10};  // the window of the measured rate
    double told_ = 0;
    TimePoint next_{};
};

}  // namespace lode::source::sv2
