// What the sessions with peers ask of a chain, and tell it: of headers alone, or of whole blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chain/p2p/messages.h"
#include "lode/header.h"
#include "lode/uint256.h"

namespace lode::p2p {

class Chain {
 public:
    struct Place {
        std::int64_t height = 0;
        Uint256 work;  // total, up to and with this block
    };
    enum class Status {
        Added,    // or known before
        Invalid,  // breaks a rule: whoever sent it is lying
        Later,    // its time is too far in the future: may be fine in a while
        Failed,   // our own trouble, such as a full disk
    };
    struct Answer {
        Status status = Status::Added;
        std::string reason;  // where not Added; printable
    };

    Chain() = default;
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;
    virtual ~Chain() = default;

    // A header that was checked and kept; with whole blocks, one whose block is here.
    [[nodiscard]] virtual std::optional<Place> find(const Hash256& hash) const = 0;
    [[nodiscard]] virtual Place tip() const = 0;
    // A branch with less work than this in total is not worth storing.
    [[nodiscard]] virtual Uint256 least_work() const = 0;
    // Hashes of the best chain, newest first and getting sparser, from the tip's parent down to genesis: so a
    // peer on the same tip answers with that tip, and says by it that it has it.
    [[nodiscard]] virtual std::vector<Hash256> locator() const = 0;
    // Best-chain headers after the first hash of the locator that is on the best chain (else after genesis),
    // at most max, none after stop.
    [[nodiscard]] virtual std::vector<BlockHeader> after(std::span<const Hash256> locator,
                                                         const Hash256& stop, std::size_t max) const = 0;

    // Linked one to the next, the first one's parent known. What precedes an invalid one is kept.
    virtual Answer add_headers(std::span<const BlockHeader> headers, std::int64_t unix_time) = 0;

    // Whole blocks, where the chain has them: then headers are never added without theirs.
    [[nodiscard]] virtual bool has_blocks() const { return false; }
    [[nodiscard]] virtual std::optional<Bytes> block(const Hash256&) const { return std::nullopt; }
    virtual Answer add_block(std::span<const std::uint8_t>, std::int64_t) {
        return {Status::Failed, "headers only"};
    }
};

}  // namespace lode::p2p
