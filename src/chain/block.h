// A serialized block, parsed as far as the chain needs: transaction boundaries and ids, the merkle root.
// Scripts and signatures are not checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::chain {

inline constexpr std::size_t kMaxBlockSize = 4'000'000;  // bytes: the weight limit of BIP 141

inline constexpr std::size_t kBlockFrame = 8;  // magic and size, before a block in a file

struct BlockView {
    BlockHeader header;
    Hash256 hash;
    std::vector<Hash256> txids;  // at least one
    Hash256 merkle_root;         // of the txids; may differ from the header's
    // Of the first transaction, which must be the coinbase.
    bool coinbase_shape = false;  // one input, with a null outpoint
    std::vector<std::uint8_t> coinbase_script;
    std::uint64_t coinbase_value = 0;  // satoshi, all outputs; 2^64 - 1 if the sum overflows
    std::size_t size = 0;              // bytes
};

struct TransactionId {
    Hash256 txid;
    bool witness = false;  // has a witness, so its wtxid differs from its txid (BIP 144)
};

// The ids of one transaction; nullopt if it is malformed or bytes follow it.
std::optional<TransactionId> transaction_id(std::span<const std::uint8_t> raw);

// The bytes must be exactly one block.
Result<BlockView> parse_block(std::span<const std::uint8_t> raw);

}  // namespace lode::chain
