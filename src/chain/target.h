// Targets, compact nBits, difficulty, work. Sources: Bitcoin's arith_uint256 (SetCompact,
// GetCompact) and GetBlockProof; a block is worth 2^256 / (target + 1) hashes.
#pragma once

#include <cstdint>
#include <optional>

#include "lode/result.h"
#include "lode/uint256.h"

namespace lode::chain {

// A decoded compact number, valid or not.
struct Compact {
    Uint256 target;  // the magnitude; meaningless after an overflow
    bool negative = false;
    bool overflow = false;  // exceeds 256 bits
};
[[nodiscard]] Compact decode_compact(std::uint32_t bits);

// The target, if a hash can meet it: positive, not zero, within 256 bits.
[[nodiscard]] std::optional<Uint256> target_of(std::uint32_t bits);
// The same for untrusted bits: the Error says whether they are negative, zero or too large.
[[nodiscard]] Result<Uint256> parse_bits(std::uint32_t bits);
// The compact form, rounded down as consensus does: three significant bytes, never the sign bit.
[[nodiscard]] std::uint32_t compact_of(const Uint256& target);

// Difficulty 1 of pools and explorers ("pdiff"): 0xffff << 208.
[[nodiscard]] Uint256 difficulty_one();
// difficulty_one / target; infinity for zero.
[[nodiscard]] double difficulty_of(const Uint256& target);
[[nodiscard]] double difficulty_of_bits(std::uint32_t bits);  // 0 if no hash can meet them
// floor(difficulty_one / difficulty), exact for every double; at most 2^256 - 1. Error: not a positive finite
// number, or a difficulty so high that no hash can meet it.
[[nodiscard]] Result<Uint256> target_of_difficulty(double difficulty);

// Expected number of hashes to meet it, as defined by consensus: 2^256 / (target + 1), rounded down.
[[nodiscard]] Uint256 work_of(const Uint256& target);
[[nodiscard]] Uint256 work_of_bits(std::uint32_t bits);  // zero if no hash can meet them

}  // namespace lode::chain
