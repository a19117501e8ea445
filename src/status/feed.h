// Passes events to another thread, which may be slower.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "lode/engine.h"
#include "lode/events.h"

namespace lode::status {

// An observer on the io thread that never blocks it: events beyond kMaxPending are dropped.
class Feed final : public Observer {
 public:
    using Clock = std::chrono::system_clock;
    using Take = std::function<void(const Event&, Clock::time_point)>;
    static constexpr std::uint64_t kMaxPending = 4096;

    // post: to the thread on which take is called; nothing is posted once the feed is gone.
    Feed(Post post, Take take) : post_(std::move(post)), take_(std::move(take)) {}

    void on(const Event& event) override {
        if (counts_->pending >= kMaxPending) {
            ++counts_->dropped;
            return;
        }
        ++counts_->pending;
        post_([counts = counts_, take = take_, event, when = Clock::now()] {
            --counts->pending;
            take(event, when);
        });
    }
    [[nodiscard]] std::uint64_t dropped() const { return counts_->dropped; }  // any thread

 private:
    struct Counts {
        std::atomic<std::uint64_t> pending{0}, dropped{0};
    };
    Post post_;
    Take take_;
    std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace lode::status
