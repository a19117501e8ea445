// Unsigned 256-bit integers: targets, hashes as numbers, chain work.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lode {

class Uint256 {
 public:
    constexpr Uint256() = default;
    constexpr Uint256(std::uint64_t low) : limb_{low, 0, 0, 0} {}  // NOLINT(google-explicit-constructor)

    // Little-endian bytes, as a hash on the wire.
    static Uint256 from_le_bytes(std::span<const std::uint8_t, 32> bytes);
    [[nodiscard]] std::array<std::uint8_t, 32> to_le_bytes() const;
    // 1 to 64 hex digits, most significant first, no prefix.
    static std::optional<Uint256> from_hex(std::string_view hex);
    [[nodiscard]] std::string to_hex() const;        // 64 digits
    [[nodiscard]] std::string to_short_hex() const;  // without leading zeros, at least one digit
    static constexpr Uint256 max() {
        Uint256 all;
        all.limb_ = {~0ULL, ~0ULL, ~0ULL, ~0ULL};
        return all;
    }

    [[nodiscard]] constexpr std::uint64_t limb(std::size_t i) const {
        return limb_[i];
    }  // 0 is the least significant
    [[nodiscard]] constexpr std::uint32_t top32() const { return static_cast<std::uint32_t>(limb_[3] >> 32); }
    [[nodiscard]] constexpr std::uint64_t low64() const { return limb_[0]; }
    [[nodiscard]] constexpr bool is_zero() const { return (limb_[0] | limb_[1] | limb_[2] | limb_[3]) == 0; }
    [[nodiscard]] constexpr unsigned bits()
        const {  // position of the highest set bit, counted from 1; 0 for zero
        for (unsigned i = 4; i-- > 0;)
            if (limb_[i] != 0) return 64 * i + static_cast<unsigned>(std::bit_width(limb_[i]));
        return 0;
    }
    [[nodiscard]] double to_double() const;  // rounded; cannot overflow

    // Arithmetic wraps modulo 2^256.
    constexpr Uint256& operator+=(const Uint256& other) {
        unsigned __int128 carry = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            carry += static_cast<unsigned __int128>(limb_[i]) + other.limb_[i];
            limb_[i] = static_cast<std::uint64_t>(carry);
            carry >>= 64;
        }
        return *this;
    }
    constexpr Uint256 operator~() const {
        Uint256 r;
        for (std::size_t i = 0; i < 4; ++i) r.limb_[i] = ~limb_[i];
        return r;
    }
    constexpr Uint256& operator-=(const Uint256& other) { return *this += ~other += Uint256(1); }
    Uint256& operator*=(std::uint64_t factor);
    Uint256& operator/=(const Uint256& divisor);  // divisor != 0
    Uint256& operator<<=(unsigned shift);         // shifts of 256 and more give zero
    Uint256& operator>>=(unsigned shift);

    friend constexpr Uint256 operator+(Uint256 a, const Uint256& b) { return a += b; }
    friend constexpr Uint256 operator-(Uint256 a, const Uint256& b) { return a -= b; }
    friend Uint256 operator*(Uint256 a, std::uint64_t b) { return a *= b; }
    friend Uint256 operator/(Uint256 a, const Uint256& b) { return a /= b; }
    friend Uint256 operator<<(Uint256 a, unsigned b) { return a <<= b; }
    friend Uint256 operator>>(Uint256 a, unsigned b) { return a >>= b; }
    friend constexpr bool operator==(const Uint256&, const Uint256&) = default;
    friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) {
        for (std::size_t i = 4; i-- > 0;)
            if (a.limb_[i] != b.limb_[i]) return a.limb_[i] <=> b.limb_[i];
        return std::strong_ordering::equal;
    }

 private:
    std::array<std::uint64_t, 4> limb_{};  // least significant first
};

}  // namespace lode
