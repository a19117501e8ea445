// When work on the next block may begin, where blocks are to come at intervals.
#pragma once

#include <chrono>
#include <optional>
#include <random>

#include "lode/header.h"

namespace lode::source::node {

// Where hashing takes no time to speak of, so that only the pause counts.
class BlockPace {
 public:
    using Clock = std::chrono::steady_clock;

    // interval 0: at once. poisson: the pauses are exponentially distributed with that mean, as a network's
    // are.
    BlockPace(std::chrono::milliseconds interval, bool poisson) : interval_(interval), poisson_(poisson) {}

    // On this parent. The first one that is asked about needs no pause; the pause of others begins when they
    // are first asked about.
    Clock::time_point may_begin(const Hash256& parent, Clock::time_point now);

 private:
    std::chrono::milliseconds interval_;
    bool poisson_;
    std::optional<Hash256> parent_;
    Clock::time_point begin_;
    std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace lode::source::node
