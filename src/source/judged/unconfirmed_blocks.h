// Blocks that were sent to a pool, until they are seen in the chain.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "chain/tracker.h"
#include "lode/events.h"

namespace lode::source {

// A pool's answer is about the share: whether its node took the block shows elsewhere.
class UnconfirmedBlocks {
 public:
    void sent(const Solution& solution);
    // The block that this job builds on, if it is one of them: the pool's node has it then.
    std::optional<event::BlockConfirmed> built_on(const Job& job);
    // Those in the best chain.
    std::vector<event::BlockConfirmed> in(const chain::ChainTracker& tree);

 private:
    static constexpr std::size_t kMax = 64;  // what is older is given up
    std::deque<Hash256> hashes_;             // oldest first
};

}  // namespace lode::source
