// Opens the stored chain of any network, for use with peers: headers, or whole blocks for the local chain.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "p2p/tracked_chain.h"

namespace lode::p2p {

struct OpenedChain {
    std::unique_ptr<TrackedChain> chain;
    const chain::ChainTracker* tree = nullptr;  // owned by the chain
    std::vector<std::string> remarks;           // damage found, and the repairs made
};

// Takes the lock of the network's directory; purpose is shown to other processes.
Result<OpenedChain> open_chain(const std::string& data_dir, const chain::Network& network,
                               const std::string& purpose, TrackedChain::Moved moved);

}  // namespace lode::p2p
