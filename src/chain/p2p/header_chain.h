// A network's headers in the data directory, as the sessions with peers see and extend them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chain/header_store.h"
#include "chain/p2p/tracked_chain.h"

namespace lode::p2p {

class HeaderChain final : public TrackedChain {
 public:
    // Takes the directory's lock; purpose is what others are told. The Error names who has it, or what is
    // wrong.
    static Result<std::unique_ptr<HeaderChain>> open(const std::string& data_dir,
                                                     const chain::Network& network,
                                                     const std::string& purpose, Moved moved);
    // Changes nothing and needs no lock: not for peers.
    static Result<std::unique_ptr<HeaderChain>> view(const std::string& data_dir,
                                                     const chain::Network& network);

    [[nodiscard]] const chain::ChainTracker& tree() const { return tracker(); }
    // What was found amiss when opening, and what was done about it.
    [[nodiscard]] const std::vector<std::string>& remarks() const { return stores_->headers.remarks(); }

 private:
    struct Stores {
        chain::NetworkDir dir;
        chain::HeaderStore headers;
        chain::ChainTracker tracker;
    };
    static Result<std::unique_ptr<HeaderChain>> load(chain::NetworkDir dir, Moved moved);
    HeaderChain(std::unique_ptr<Stores> stores, Moved moved);

    std::unique_ptr<Stores> stores_;
};

}  // namespace lode::p2p
