#include "status/chain_record.h"

#include <algorithm>

#include "chain/network.h"

namespace lode::status {
namespace {

template <typename T>
void push_bounded(std::deque<T>& items, T item, std::size_t max) {
    if (items.size() >= max) items.pop_front();
    items.push_back(std::move(item));
}

}  // namespace

SeenBlock* ChainRecord::find(const Hash256& hash) {
    const auto found = std::ranges::find(blocks_, hash, &SeenBlock::hash);
    return found == blocks_.end() ? nullptr : &*found;
}

void ChainRecord::add(const SeenBlock& block) {
    push_bounded(blocks_, block, kMaxBlocks);
}

// From the tip down, as far as blocks are known.
void ChainRecord::choose_best(std::int64_t height, const Hash256& tip) {
    std::int64_t lowest = height + 1;
    std::vector<const SeenBlock*> best;
    Hash256 hash = tip;
    while (const SeenBlock* block = find(hash)) {
        best.push_back(block);
        lowest = block->height;
        if (!block->header || best.size() >= kMaxBlocks) break;
        hash = block->header->prev;
    }
    for (auto& block : blocks_)
        if (block.height >= lowest) block.best = std::ranges::find(best, &block) != best.end();
}

// All above that height but the new branch, as far as it is known.
void ChainRecord::disconnect(std::int64_t above, const Hash256& new_tip) {
    for (auto& block : blocks_)
        if (block.height > above) block.best = false;
    Hash256 hash = new_tip;
    for (std::size_t i = 0; i < kMaxBlocks; ++i) {
        SeenBlock* block = find(hash);
        if (block == nullptr || block->height <= above) break;
        block->best = true;
        if (!block->header) break;
        hash = block->header->prev;
    }
}

// A job names the previous block, whoever found it.
void ChainRecord::note(const event::JobReceived& e, Clock::time_point when) {
    const Job& job = *e.job;
    if (job_ && job_->network != job.network) blocks_.clear();
    job_ = e.job;
    job_received_ = when;
    if (job.height < 1) return;
    if (find(job.prev) == nullptr) add({job.height - 1, job.prev, std::nullopt, 0, false, true, when});
    choose_best(job.height - 1, job.prev);
}

// The job on top of a block may arrive before the block's answer.
void ChainRecord::note(const event::BlockResult& e, Clock::time_point when) {
    const Solution& solution = e.solution;
    if (e.outcome.status != Outcome::Status::Accepted || solution.job->height < 0) return;
    if (SeenBlock* known = find(solution.hash)) {
        known->header = solution.header;
        known->bits = solution.header.bits;
        known->ours = true;
        return choose_best(job_->height - 1, job_->prev);
    }
    add({solution.job->height, solution.hash, solution.header, solution.header.bits, true, true, when});
}

void ChainRecord::note(const event::Retarget& e, Clock::time_point when) {
    push_bounded(retargets_, {when, e}, kMaxEvents);
}

void ChainRecord::note(const event::Reorganisation& e, Clock::time_point when) {
    ++reorg_count_;
    if (const SeenBlock* old_tip = find(e.old_tip)) disconnect(old_tip->height - e.depth, e.new_tip);
    push_bounded(reorgs_, {when, e}, kMaxEvents);
}

void ChainRecord::note(const event::Judgement& e, Clock::time_point when) {
    push_bounded(judgements_, {when, e}, kMaxEvents);
}

std::optional<RetargetAhead> retarget_ahead(const ChainRecord& chain) {
    const JobPtr& job = chain.job();
    const auto* network = job ? chain::find_network(job->network) : nullptr;
    if (network == nullptr || network->no_retarget || network->period == 0 || job->height < 1)
        return std::nullopt;
    const std::int64_t period = network->period;
    RetargetAhead ahead;
    ahead.period = period;
    ahead.height = (job->height / period + 1) * period;
    ahead.blocks_left = ahead.height - job->height;
    const SeenBlock *first = nullptr, *last = nullptr;
    for (const auto& block : chain.blocks()) {
        if (!block.best || !block.header || block.height < ahead.height - period) continue;
        if (first == nullptr || block.height < first->height) first = &block;
        if (last == nullptr || block.height > last->height) last = &block;
    }
    if (first == last) return ahead;
    const double took = std::max(1.0, double(last->header->time) - double(first->header->time));
    const double should = double(last->height - first->height) * network->spacing;
    const double most = network->max_retarget_factor;
    ahead.expected_change = std::clamp(should / took, 1 / most, most);
    return ahead;
}

}  // namespace lode::status
