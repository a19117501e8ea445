// Pauses between attempts: doubling up to a limit, with jitter so that many miners do not reconnect at the
// same moment. The limit has everybody back within a minute of a pool's return.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace lode::net {

class Backoff {
 public:
    using Pause = std::chrono::milliseconds;
    explicit Backoff(Pause first, Pause longest = std::chrono::seconds(50))
        : first_(std::max(first, Pause(1))), longest_(std::max(first_, longest)), base_(first_) {}

    // Between 1/4 and all of the current step; the next step is twice as long.
    Pause next() {
        const double factor = std::uniform_real_distribution<double>(0.25, 1)(random_);
        const auto pause = std::chrono::duration_cast<Pause>(base_ * factor);
        base_ = std::min(base_ * 2, longest_);
        return pause;
    }
    void reset() { base_ = first_; }

 private:
    Pause first_, longest_, base_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace lode::net
