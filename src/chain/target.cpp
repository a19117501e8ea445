#include "chain/target.h"

#include <cmath>
#include <limits>

#include <fmt/core.h>

namespace lode::chain {
namespace {

constexpr std::uint32_t kMantissa = 0x007fffff;
constexpr std::uint32_t kSign = 0x00800000;

}  // namespace

Compact decode_compact(std::uint32_t bits) {
    const std::uint32_t size = bits >> 24;
    std::uint32_t word = bits & kMantissa;
    Compact compact;
    if (size <= 3) {
        word >>= 8 * (3 - size);
        compact.target = word;
    } else {
        compact.target = Uint256(word) << (8 * (size - 3));
    }
    // Both tests use the word after the shift: 01800000 is zero, not negative.
    compact.negative = word != 0 && (bits & kSign) != 0;
    compact.overflow = word != 0 && (size > 34 || (word > 0xff && size > 33) || (word > 0xffff && size > 32));
    return compact;
}

std::optional<Uint256> target_of(std::uint32_t bits) {
    const Compact compact = decode_compact(bits);
    if (compact.negative || compact.overflow || compact.target.is_zero()) return std::nullopt;
    return compact.target;
}

Result<Uint256> parse_bits(std::uint32_t bits) {
    const Compact compact = decode_compact(bits);
    if (!compact.negative && !compact.overflow && !compact.target.is_zero()) return compact.target;
    const char* fault = compact.negative ? "negative" : compact.overflow ? "larger than 256 bits" : "zero";
    return fail(ErrorKind::Malformed, fmt::format("nBits {:08x} is {}", bits, fault), {},
                "a positive compact target");
}

std::uint32_t compact_of(const Uint256& target) {
    std::uint32_t size = (target.bits() + 7) / 8;
    auto word = static_cast<std::uint32_t>(size <= 3 ? target.low64() << (8 * (3 - size))
                                                     : (target >> (8 * (size - 3))).low64());
    if ((word & kSign) != 0) {  // would be negative: use one byte more
        word >>= 8;
        ++size;
    }
    return word | size << 24;
}

Uint256 difficulty_one() {
    return Uint256(0xffff) << 208;
}

double difficulty_of(const Uint256& target) {
    return difficulty_one().to_double() / target.to_double();
}

double difficulty_of_bits(std::uint32_t bits) {
    const auto target = target_of(bits);
    return target ? difficulty_of(*target) : 0;
}

Result<Uint256> target_of_difficulty(double difficulty) {
    if (!std::isfinite(difficulty) || difficulty <= 0)
        return fail(ErrorKind::Malformed, fmt::format("difficulty {}", difficulty), {},
                    "a positive finite number");
    // difficulty = mantissa * 2^exponent with a whole mantissa below 2^53, so the target is
    // floor(0xffff * 2^(208 - exponent) / mantissa): long division, a bit a step.
    int exponent = 0;
    const auto mantissa = static_cast<std::uint64_t>(std::ldexp(std::frexp(difficulty, &exponent), 53));
    const int steps = 208 - (exponent - 53);
    Uint256 target = std::uint64_t{0xffff} / mantissa;
    std::uint64_t rest = std::uint64_t{0xffff} % mantissa;
    for (int i = 0; i < steps; ++i) {
        if (target.bits() == 256) return Uint256::max();
        target <<= 1;
        rest <<= 1;
        if (rest < mantissa) continue;
        rest -= mantissa;
        target += 1;
    }
    if (target.is_zero())
        return fail(ErrorKind::Malformed, fmt::format("difficulty {} is beyond any hash", difficulty), {},
                    "at most 2^224");
    return target;
}

Uint256 work_of(const Uint256& target) {
    // 2^256 needs 257 bits; (2^256 - t - 1) / (t + 1) + 1 is the same number.
    if (target == Uint256::max()) return 1;
    return ~target / (target + 1) + 1;
}

Uint256 work_of_bits(std::uint32_t bits) {
    const auto target = target_of(bits);
    return target ? work_of(*target) : Uint256();
}

}  // namespace lode::chain
