// A hash rate over sliding windows.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace lode::engine {

// Not thread-safe. Fed with a monotonic counter every few seconds.
class RateMeter {
 public:
    using Clock = std::chrono::steady_clock;

    void sample(Clock::time_point now, std::uint64_t counter);
    // Mean rate per second over the window, or over the time so far if shorter; 0 before the second sample.
    [[nodiscard]] double rate(std::chrono::seconds window) const;
    // The same, but nullopt until the samples cover the window.
    [[nodiscard]] std::optional<double> full_rate(std::chrono::seconds window) const;

 private:
    struct Sample {
        Clock::time_point time;
        std::uint64_t counter = 0;
    };
    static constexpr std::chrono::minutes kKept{16};
    std::deque<Sample> samples_;  // oldest first
};

}  // namespace lode::engine
