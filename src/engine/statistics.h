// Hash rates over sliding windows.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace lode::engine {

// Not thread-safe. Fed a counter that only grows, every few seconds.
class RateMeter {
 public:
    using Clock = std::chrono::steady_clock;

    void sample(Clock::time_point now, std::uint64_t counter);
    // Mean rate a second over the window, or over what there is of it; 0 before the second sample.
    [[nodiscard]] double rate(std::chrono::seconds window) const;

 private:
    struct Sample {
        Clock::time_point time;
        std::uint64_t counter = 0;
    };
    static constexpr std::chrono::minutes kKept{16};
    std::deque<Sample> samples_;  // oldest first
};

}  // namespace lode::engine
