#include "engine/submissions.h"

#include <utility>

namespace lode::engine {

// Blocks always count towards max_blocks, shares towards max_shares only at a pool.
bool Submissions::may_send(const Solution& solution) const {
    const bool share = !solution.job->single_block;
    if (solution.block && options_.max_blocks > 0 &&
        accepted_blocks_ + outstanding_blocks_ >= options_.max_blocks)
        return false;
    return !share || options_.max_shares == 0 || accepted_shares_ + outstanding_shares_ < options_.max_shares;
}

void Submissions::invalidate_before(std::uint64_t generation) {
    present_.oldest_valid = generation;
    release_held();
}

void Submissions::take_over(std::uint64_t generation) {
    former_ = present_;
    present_ = {.oldest_valid = generation, .spent = 0};
    taken_over_ = generation;
}

void Submissions::offer(Solution solution) {
    held_.push_back(std::move(solution));
    release_held();
}

void Submissions::count(const Solution& solution, int change) {
    if (solution.job->batched_answers) return;           // the answer may only come together with later ones
    const auto by = static_cast<std::uint64_t>(change);  // wraps, as unsigned sums do
    outstanding_ += by;
    if (solution.block) outstanding_blocks_ += by;
    if (!solution.job->single_block) outstanding_shares_ += by;
}

void Submissions::settle(const Solution& solution) {
    if (spent(solution)) return actions_.drop_spent(solution);
    if (stale(solution.generation)) return actions_.drop_stale(solution);
    if (solution.job->single_block)
        (taken_over_since(solution.generation) ? former_ : present_).spent = solution.generation;
    count(solution, 1);
    actions_.send(solution);
}

// Oldest first; one that must wait blocks the later ones, unless it is stale.
void Submissions::release_held() {
    while (!held_.empty() &&
           (spent(held_.front()) || stale(held_.front().generation) || may_send(held_.front()))) {
        const Solution next = std::move(held_.front());
        held_.pop_front();
        settle(next);
    }
}

void Submissions::answered(const Solution& solution, const Outcome& outcome) {
    count(solution, -1);
    if (outcome.status == Outcome::Status::Accepted) {
        accepted_blocks_ += solution.block ? 1 : 0;
        accepted_shares_ += solution.job->single_block ? 0 : 1;
    }
    release_held();
}

bool Submissions::limit_reached() const {
    const bool blocks = options_.max_blocks > 0 && accepted_blocks_ >= options_.max_blocks;
    const bool shares = options_.max_shares > 0 && accepted_shares_ >= options_.max_shares;
    return (blocks || shares) && outstanding() == 0;
}

}  // namespace lode::engine
