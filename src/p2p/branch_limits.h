// Limits on useless headers from a peer: honest peers send some at times, a flood is an attack.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "p2p/messages.h"

namespace lode::p2p {

// Each counts one event and returns whether the peer is still within its limit.
class BranchLimits {
 public:
    explicit BranchLimits(std::chrono::milliseconds now) : losing_since_(now) {}

    // Headers whose parent is unknown.
    [[nodiscard]] bool unconnected() { return ++unconnected_ <= kMaxUnconnected; }
    void connected() { unconnected_ = 0; }
    [[nodiscard]] bool any_unconnected() const { return unconnected_ > 0; }

    // A complete branch with too little work to store.
    [[nodiscard]] bool low_work() { return ++low_work_ <= kMaxLowWork; }
    void enough_work() { low_work_ = 0; }

    // Headers stored although their branch has no more work than the best one. now: of the steady clock.
    [[nodiscard]] bool losing(std::size_t headers, std::chrono::milliseconds now) {
        const std::chrono::duration<double> passed = now - losing_since_;
        losing_since_ = now;
        losing_ = std::max(0.0, losing_ - passed.count() * kLosingRate) + static_cast<double>(headers);
        return losing_ <= kMaxLosing;
    }

 private:
    static constexpr int kMaxUnconnected = 10;             // messages in a row, as Bitcoin Core
    static constexpr int kMaxLowWork = 1000;               // in a row; hours of an honest peer's answers
    static constexpr double kMaxLosing = 2 * kMaxHeaders;  // headers …
    static constexpr double kLosingRate = 0.1;             // … and this many more per second

    int unconnected_ = 0, low_work_ = 0;
    double losing_ = 0;
    std::chrono::milliseconds losing_since_;
};

}  // namespace lode::p2p
