// The local chain in its data directory: whole blocks and their headers, on disk before anybody hears of
// them. One process at a time has it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chain/block_store.h"
#include "chain/header_store.h"
#include "chain/p2p/tracked_chain.h"

namespace lode::source {

class LocalChain final : public p2p::TrackedChain {
 public:
    // The Error names the process that has the directory, or what is wrong with it.
    static Result<std::unique_ptr<LocalChain>> open(const std::string& data_dir,
                                                    const chain::Network& network, Moved moved);

    [[nodiscard]] bool has_blocks() const override { return true; }
    [[nodiscard]] std::optional<p2p::Bytes> block(const Hash256& hash) const override;
    // Checked whole, flushed to disk, then linked.
    Answer add_block(std::span<const std::uint8_t> raw, std::int64_t unix_time) override;

    [[nodiscard]] const chain::ChainTracker& tree() const { return tracker(); }
    // What was found amiss when opening, and what was done about it.
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

}  // namespace lode::source
