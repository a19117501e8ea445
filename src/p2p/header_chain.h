// A network's headers in the data directory, read and extended by peer sessions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chain/header_store.h"
#include "p2p/tracked_chain.h"

namespace lode::p2p {

class HeaderChain final : public TrackedChain {
 public:
    // Takes the directory's lock; purpose is shown to other processes. The Error names the lock's holder, or
    // what is wrong.
    static Result<std::unique_ptr<HeaderChain>> open(const std::string& data_dir,
                                                     const chain::Network& network,
                                                     const std::string& purpose, Moved moved);
    // Read-only, without the lock; not for use with peers.
    static Result<std::unique_ptr<HeaderChain>> view(const std::string& data_dir,
                                                     const chain::Network& network);

    ~HeaderChain() override { end_sync(); }

    [[nodiscard]] const chain::ChainTracker& tree() const { return tracker(); }
    // Damage found when opening, and the repairs made.
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
