// Detects an event loop that no longer runs.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "lode/engine.h"

namespace lode::status {

class Pulse {
 public:
    using Clock = std::chrono::steady_clock;

    explicit Pulse(Post post) : post_(std::move(post)) {}

    // Posts to the loop, unless the last post is still unanswered. Called about once a second.
    void ask() {
        if (state_->asked.exchange(true)) return;
        asked_at_ = Clock::now();
        post_([state = state_] { state->asked = false; });
    }
    [[nodiscard]] bool beats(Clock::duration within) const {
        return !state_->asked || Clock::now() - asked_at_ < within;
    }

 private:
    struct State {
        std::atomic<bool> asked{false};
    };
    Post post_;
    Clock::time_point asked_at_;
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace lode::status
