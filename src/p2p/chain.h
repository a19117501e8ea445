// The interface between peer sessions and a chain of headers or of whole blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chain/network.h"
#include "lode/header.h"
#include "lode/uint256.h"
#include "p2p/messages.h"

namespace lode::p2p {

class Chain {
 public:
    struct Place {
        std::int64_t height = 0;
        Uint256 work;            // total, up to and including this block
        std::uint32_t bits = 0;  // of this block
    };
    enum class Status {
        Added,    // or already known
        Invalid,  // breaks a rule: the peer misbehaves
        Later,    // its time is too far in the future: may become valid
        Failed,   // it could not be stored: a full disk, for example
    };
    struct Answer {
        Status status = Status::Added;
        std::string reason;  // if not Added; printable
    };

    Chain() = default;
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;
    virtual ~Chain() = default;

    [[nodiscard]] virtual const chain::Network& network() const = 0;
    // Finds a header that was checked and stored; with whole blocks, one whose block is stored.
    [[nodiscard]] virtual std::optional<Place> find(const Hash256& hash) const = 0;
    [[nodiscard]] virtual Place tip() const = 0;
    // A branch with less total work than this is not stored.
    [[nodiscard]] virtual Uint256 least_work() const = 0;
    // Block locator, from the tip's parent down to genesis: so a peer with the same tip answers with that
    // tip, which shows that it has it.
    [[nodiscard]] virtual std::vector<Hash256> locator() const = 0;
    // Best-chain headers after the first locator hash on the best chain (otherwise after genesis), at most
    // max, none after stop.
    [[nodiscard]] virtual std::vector<BlockHeader> after(std::span<const Hash256> locator,
                                                         const Hash256& stop, std::size_t max) const = 0;

    // Headers linked one to the next, with their hashes; the first one's parent is known. Headers before an
    // invalid one are kept.
    virtual Answer add_headers(std::span<const BlockHeader> headers, std::span<const Hash256> hashes,
                               std::int64_t unix_time) = 0;

    // For chains of whole blocks, where headers are never added without their block.
    [[nodiscard]] virtual bool has_blocks() const { return false; }
    [[nodiscard]] virtual std::optional<Bytes> block(const Hash256&) const { return std::nullopt; }
    virtual Answer add_block(std::span<const std::uint8_t>, std::int64_t) {
        return {Status::Failed, "headers only"};
    }
};

}  // namespace lode::p2p
