// The local chain in its data directory: whole blocks and their headers, written before they are announced.
// Locked by one process at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chain/block_store.h"
#include "chain/header_store.h"
#include "p2p/tracked_chain.h"

namespace lode::p2p {

class LocalChain final : public TrackedChain {
 public:
    // The Error names the process that holds the lock, or what is wrong with the directory.
    static Result<std::unique_ptr<LocalChain>> open(const std::string& data_dir,
                                                    const chain::Network& network, Moved moved);

    [[nodiscard]] bool has_blocks() const override { return true; }
    [[nodiscard]] std::optional<Bytes> block(const Hash256& hash) const override;
    ~LocalChain() override { end_sync(); }

    // Checks the whole block, writes it, then links it; when_synced() reports when it is on disk.
    Answer add_block(std::span<const std::uint8_t> raw, std::int64_t unix_time) override;

    [[nodiscard]] const chain::ChainTracker& tree() const { return tracker(); }
    // Damage found when opening, and the repairs made.
    [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }

 private:
    struct Stores {
        chain::NetworkDir dir;
        chain::HeaderStore headers;
        chain::BlockStore blocks;
        chain::ChainTracker tracker;
    };
    LocalChain(std::unique_ptr<Stores> stores, Moved moved);
    std::optional<Error> check(const chain::BlockView& block, chain::Index parent,
                               std::int64_t unix_time) const;
    void catch_up();

    std::unique_ptr<Stores> stores_;
    std::vector<std::string> remarks_;
};

}  // namespace lode::p2p
