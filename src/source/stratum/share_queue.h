// Which of the shares found go out now, and which wait. Without I/O, as the session that owns it.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "lode/source.h"

namespace lode::source::stratum {

using TimePoint = std::chrono::steady_clock::time_point;

struct Share {
    Solution solution;
    SubmitCallback callback;
};

// Bounded by the engine, which lets devices wait while too much is unanswered.
class ShareQueue {
 public:
    void add(Share share) { (share.solution.block ? blocks_ : others_).push_back(std::move(share)); }
    // The next that may go now; it is under way until ended().
    std::optional<Share> take(TimePoint now);
    void ended(const Solution& solution, bool accepted, TimePoint now);
    // The pool had moved on when this one came: leave more time after the next block.
    void came_late(const Solution& solution);
    // When take() gives what it does not give now; nothing where that depends on an answer, or is not urgent.
    [[nodiscard]] std::optional<TimePoint> next() const;
    // All that wait.
    std::deque<Share> clear();

    // The pool does not know the job that it gave last. Until it gives another, or takes a share of this one
    // after all, it is only asked now and then. False: it was asked often enough.
    [[nodiscard]] bool disowned(const Solution& refused, TimePoint now);
    void trust() { doubt_ = {}; }
    [[nodiscard]] bool in_doubt() const { return doubt_.refusals > 0; }

 private:
    struct LastBlock {
        std::shared_ptr<const void> context;  // of its job
        bool under_way = false;
        TimePoint next;  // for the one after it
    };
    struct Doubt {
        unsigned refusals = 0;  // none: there is no doubt
        TimePoint next;         // for another try
        bool trying = false;
        bool blocks = false;  // they are refused as well
    };
    [[nodiscard]] bool may_go(const Solution& solution, TimePoint now) const;

    std::deque<Share> blocks_, others_;
    std::size_t under_way_ = 0;
    LastBlock last_block_;
    std::chrono::milliseconds after_block_{25};
    Doubt doubt_;
};

}  // namespace lode::source::stratum
