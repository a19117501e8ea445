// Decides what happens to a verified hit: submitted, held back at a limit, or dropped as stale.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "lode/engine.h"

namespace lode::engine {

// Generations increase; work of generations before the oldest valid one is stale. Used on the io thread.
class Submissions {
 public:
    // send passes a solution to the source; drop is called for one that is not sent.
    struct Actions {
        std::function<void(const Solution&)> send;
        std::function<void(const Solution&)> drop_stale;
        std::function<void(const Solution&)> drop_spent;  // a second block for a job that has ended
    };
    Submissions(const EngineOptions& options, Actions actions)
        : options_(options), actions_(std::move(actions)) {}

    // Everything older than this generation is stale.
    void invalidate_before(std::uint64_t generation);
    // From this generation on jobs are another source's: earlier ones stay as valid as they are.
    void take_over(std::uint64_t generation);
    void offer(Solution solution);
    // The answer to a solution that was sent.
    void answered(const Solution& solution, const Outcome& outcome);

    [[nodiscard]] bool limit_reached() const;  // and nothing outstanding
    [[nodiscard]] std::uint64_t outstanding() const { return outstanding_; }
    [[nodiscard]] bool stale(std::uint64_t generation) const {
        return generation < of(generation).oldest_valid;
    }
    [[nodiscard]] bool taken_over_since(std::uint64_t generation) const { return generation < taken_over_; }

 private:
    [[nodiscard]] bool spent(const Solution& solution) const {
        return solution.job->single_block && solution.generation <= of(solution.generation).spent;
    }
    [[nodiscard]] bool may_send(const Solution& solution) const;
    void settle(const Solution& solution);
    void release_held();

    EngineOptions options_;
    Actions actions_;
    struct Source {
        std::uint64_t oldest_valid = 0;
        std::uint64_t spent = 0;  // the generation of the single-block job whose block was sent
    };
    [[nodiscard]] const Source& of(std::uint64_t generation) const {
        return taken_over_since(generation) ? former_ : present_;
    }
    Source present_, former_;
    std::uint64_t taken_over_ = 0;  // the first generation of the present one
    void count(const Solution& solution, int change);

    // A block found at a pool is a share too, and counts as both.
    std::uint64_t accepted_blocks_ = 0, accepted_shares_ = 0, outstanding_blocks_ = 0,
                  outstanding_shares_ = 0, outstanding_ = 0;
    std::deque<Solution> held_;
};

}  // namespace lode::engine
