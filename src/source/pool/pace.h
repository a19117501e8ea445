// Rate limit for what a peer can make us do.
#pragma once

#include <algorithm>
#include <chrono>

namespace lode::source::pool {

// A token bucket.
class Pace {
 public:
    using TimePoint = std::chrono::steady_clock::time_point;
    Pace(int burst, std::chrono::milliseconds interval) : burst_(burst), interval_(interval) {}

    // When the next token is available; in the past if one is available now.
    [[nodiscard]] TimePoint next() const { return next_; }
    // Takes a token if there is one.
    bool take(TimePoint now) {
        if (now < next_) return false;
        next_ = std::max(next_, now - (burst_ - 1) * interval_) + interval_;
        return true;
    }

 private:
    int burst_;
    std::chrono::milliseconds interval_;
    TimePoint next_{};
};

}  // namespace lode::source::pool
