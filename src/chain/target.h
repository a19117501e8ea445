// Targets: compact nBits and back, difficulty, work. Sources: Bitcoin's arith_uint256 (SetCompact,
// GetCompact) and GetBlockProof; a block is worth 2^256 / (target + 1) hashes.
#pragma once

#include <cstdint>
#include <optional>

#include "lode/result.h"
#include "lode/uint256.h"

namespace lode::chain {

// What a compact number says, before anybody judges it.
struct Compact {
    Uint256 target;  // the magnitude; meaningless after an overflow
    bool negative = false;
    bool overflow = false;  // does not fit into 256 bits
};
[[nodiscard]] Compact decode_compact(std::uint32_t bits);

// A target that a hash could meet: positive, not zero, within 256 bits.
[[nodiscard]] std::optional<Uint256> target_of(std::uint32_t bits);
// The same for bits from outside: the Error says whether they are negative, zero or too large.
[[nodiscard]] Result<Uint256> parse_bits(std::uint32_t bits);
// The compact form, rounded down as consensus does: three significant bytes, never the sign bit.
[[nodiscard]] std::uint32_t compact_of(const Uint256& target);

// Difficulty 1 of pools and explorers ("pdiff"): 0xffff << 208.
[[nodiscard]] Uint256 difficulty_one();
// difficulty_one / target; infinity for zero.
[[nodiscard]] double difficulty_of(const Uint256& target);
[[nodiscard]] double difficulty_of_bits(std::uint32_t bits);  // 0 where no hash could meet them
// floor(difficulty_one / difficulty), exact for every double; 2^256 - 1 where that is larger. Refused: what
// is not a positive finite number, and a difficulty so huge that no hash could meet it.
[[nodiscard]] Result<Uint256> target_of_difficulty(double difficulty);

// Expected number of hashes to meet it, as consensus counts: 2^256 / (target + 1), rounded down.
[[nodiscard]] Uint256 work_of(const Uint256& target);
[[nodiscard]] Uint256 work_of_bits(std::uint32_t bits);  // zero where no hash could meet them

}  // namespace lode::chain
