#include "source/judged/unconfirmed_blocks.h"

#include <algorithm>

namespace lode::source {

void UnconfirmedBlocks::sent(const Solution& solution) {
    if (!solution.block || solution.job->single_block) return;
    if (hashes_.size() >= kMax) hashes_.pop_front();
    hashes_.push_back(solution.hash);
}

std::optional<event::BlockConfirmed> UnconfirmedBlocks::built_on(const Job& job) {
    const auto found = std::ranges::find(hashes_, job.prev);
    if (found == hashes_.end()) return std::nullopt;
    hashes_.erase(found);
    return event::BlockConfirmed{job.prev, job.height > 0 ? job.height - 1 : -1, "the pool's next job"};
}

std::vector<event::BlockConfirmed> UnconfirmedBlocks::in(const chain::ChainTracker& tree) {
    std::vector<event::BlockConfirmed> confirmed;
    std::erase_if(hashes_, [&](const Hash256& hash) {
        const auto block = tree.find(hash);
        if (!block || tree.at_height(tree.height(*block)) != block) return false;
        confirmed.push_back({hash, tree.height(*block), "the header tree"});
        return true;
    });
    return confirmed;
}

}  // namespace lode::source
