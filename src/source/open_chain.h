// The stored chain of any network, ready for peers: headers, or whole blocks for the local chain.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chain/p2p/tracked_chain.h"

namespace lode::source {

struct OpenedChain {
    std::unique_ptr<p2p::TrackedChain> chain;
    const chain::ChainTracker* tree = nullptr;  // the chain's own
    std::vector<std::string> remarks;           // what was found amiss, and what was done about it
};

// Takes the lock of the network's directory; purpose is what others are told.
Result<OpenedChain> open_chain(const std::string& data_dir, const chain::Network& network,
                               const std::string& purpose, p2p::TrackedChain::Moved moved);

}  // namespace lode::source
