// A block that a user trusts, for a chain that does not begin at genesis.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "chain/tracker.h"
#include "lode/result.h"

namespace lode::chain {

struct Checkpoint {
    std::int64_t height = 0;
    Hash256 hash;
    Uint256 work;  // of the chain up to and including the block
};

// HEIGHT:HASH:WORK, the hash with 64 hex digits, the work in hex ("chainwork" of a node's getblockheader).
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

// The checkpoint with its header. An Error for what is impossible on the network: a header without proof of
// work, height 0 for a block other than genesis, less work than that many blocks have at minimum.
[[nodiscard]] Result<Anchor> anchor_at(const Network& network, const Checkpoint& checkpoint,
                                       const BlockHeader& header);
// Checks it against the preceding headers: an Error if the tracker gives it another height or work; nothing
// if the tracker does not have its parent.
[[nodiscard]] std::optional<Error> contradiction(const ChainTracker& before, const Anchor& anchor);

}  // namespace lode::chain
