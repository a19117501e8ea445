// Decides which shares are sent now and which wait. Without I/O.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "lode/source.h"
#include "source/pool/actions.h"

namespace lode::source::pool {

struct Share {
    Solution solution;
    SubmitCallback callback;
};

// Bounded by the engine, which makes devices wait while too many submissions are unanswered.
class ShareQueue {
 public:
    void add(Share share) { (share.solution.block ? blocks_ : others_).push_back(std::move(share)); }
    // The next share that may be sent now; it is in flight until ended().
    std::optional<Share> take(TimePoint now);
    void ended(const Solution& solution, bool accepted, TimePoint now);
    // The pool had a new job when this share arrived: leaves more time after the next block.
    void came_late(const Solution& solution);
    // When take() may return more than now; nullopt if that depends on an answer, or is not urgent.
    [[nodiscard]] std::optional<TimePoint> next() const;
    // Removes and returns all waiting shares.
    std::deque<Share> clear();

    // The pool does not know its latest job. Until it sends another, or accepts a share of this one after
    // all, shares are sent only occasionally. False: tried often enough.
    [[nodiscard]] bool job_unknown(const Solution& refused, TimePoint now);
    void job_known() { doubt_ = {}; }
    [[nodiscard]] bool job_in_doubt() const { return doubt_.refusals > 0; }

 private:
    struct LastBlock {
        std::shared_ptr<const JobContext> context;  // of its job
        bool under_way = false;
        TimePoint next;  // for the one after it
    };
    struct Doubt {
        unsigned refusals = 0;  // 0: no doubt
        TimePoint next;         // for another attempt
        bool trying = false;
        bool blocks = false;  // blocks are refused as well
    };
    [[nodiscard]] bool may_go(const Solution& solution, TimePoint now) const;
    [[nodiscard]] std::chrono::seconds doubt_pause() const;

    std::deque<Share> blocks_, others_;
    std::size_t under_way_ = 0;
    LastBlock last_block_;
    std::chrono::milliseconds after_block_{25};
    Doubt doubt_;
};

}  // namespace lode::source::pool
