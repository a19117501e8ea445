// Pauses between attempts: doubling to a limit, with jitter so that many miners do not come back at the same
// moment.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace lode::source {

class Backoff {
 public:
    using Pause = std::chrono::milliseconds;
    explicit Backoff(Pause first, Pause longest = std::chrono::minutes(1))
        : first_(std::max(first, Pause(1))), longest_(std::max(first_, longest)), base_(first_) {}

    // Between three quarters and five quarters of the present step; the next one is twice as long.
    Pause next() {
        const double factor = std::uniform_real_distribution<double>(0.75, 1.25)(random_);
        const auto pause = std::chrono::duration_cast<Pause>(base_ * factor);
        base_ = std::min(base_ * 2, longest_);
        return pause;
    }
    void reset() { base_ = first_; }

 private:
    Pause first_, longest_, base_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace lode::source
