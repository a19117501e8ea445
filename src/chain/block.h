// A serialized block, looked into as far as the chain needs: where its transactions begin and end, their ids,
// the merkle root. Scripts and signatures are nobody's business here.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::chain {

inline constexpr std::size_t kMaxBlockSize = 4'000'000;  // bytes: the weight limit of BIP 141

struct BlockView {
    BlockHeader header;
    Hash256 hash;
    std::vector<Hash256> txids;  // at least one
    Hash256 merkle_root;         // of the txids; may differ from the header's
    // Of the first transaction, the coinbase if all is well.
    bool coinbase_shape = false;  // one input, of nothing
    std::vector<std::uint8_t> coinbase_script;
    std::uint64_t coinbase_value = 0;  // satoshi, all outputs; 2^64 - 1 where the sum overflows
    std::size_t size = 0;              // bytes
};

// All of the bytes and nothing after them.
Result<BlockView> parse_block(std::span<const std::uint8_t> raw);

}  // namespace lode::chain
