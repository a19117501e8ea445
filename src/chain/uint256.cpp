#include "lode/uint256.h"

#include <cmath>
#include <cstring>

#include "util/hex.h"

namespace lode {

Uint256 Uint256::from_le_bytes(std::span<const std::uint8_t, 32> bytes) {
    Uint256 r;
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(r.limb_.data(), bytes.data(), bytes.size());
    else
        for (std::size_t i = 32; i-- > 0;) r.limb_[i / 8] = r.limb_[i / 8] << 8 | bytes[i];
    return r;
}

std::array<std::uint8_t, 32> Uint256::to_le_bytes() const {
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(limb_[i / 8] >> (8 * (i % 8)));
    return bytes;
}

std::optional<Uint256> Uint256::from_hex(std::string_view hex) {
    if (hex.empty() || hex.size() > 64) return std::nullopt;
    std::string padded(64 - hex.size(), '0');
    padded += hex;
    std::array<std::uint8_t, 32> big{};
    if (!util::from_hex(padded, std::span<std::uint8_t>(big))) return std::nullopt;
    std::array<std::uint8_t, 32> little{};
    for (std::size_t i = 0; i < 32; ++i) little[i] = big[31 - i];
    return from_le_bytes(little);
}

std::string Uint256::to_hex() const {
    const auto little = to_le_bytes();
    std::array<std::uint8_t, 32> big{};
    for (std::size_t i = 0; i < 32; ++i) big[i] = little[31 - i];
    return util::to_hex(big);
}

std::string Uint256::to_short_hex() const {
    const std::string full = to_hex();
    const std::size_t first = full.find_first_not_of('0');
    return first == std::string::npos ? "0" : full.substr(first);
}

double Uint256::to_double() const {
    double value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value * 0x1p64 + static_cast<double>(limb_[i]);
    return value;
}

Uint256& Uint256::operator*=(std::uint64_t factor) {
    unsigned __int128 carry = 0;
    for (auto& limb : limb_) {
        carry += static_cast<unsigned __int128>(limb) * factor;
        limb = static_cast<std::uint64_t>(carry);
        carry >>= 64;
    }
    return *this;
}

Uint256& Uint256::operator<<=(unsigned shift) {
    std::array<std::uint64_t, 4> r{};
    const unsigned words = shift / 64, bits = shift % 64;
    for (unsigned i = words; i < 4; ++i) {
        r[i] = limb_[i - words] << bits;
        if (bits > 0 && i > words) r[i] |= limb_[i - words - 1] >> (64 - bits);
    }
    limb_ = r;
    return *this;
}

Uint256& Uint256::operator>>=(unsigned shift) {
    std::array<std::uint64_t, 4> r{};
    const unsigned words = shift / 64, bits = shift % 64;
    for (unsigned i = 0; i + words < 4; ++i) {
        r[i] = limb_[i + words] >> bits;
        if (bits > 0 && i + words + 1 < 4) r[i] |= limb_[i + words + 1] << (64 - bits);
    }
    limb_ = r;
    return *this;
}

// Shift and subtract: at most a few hundred steps, and chain code divides only once per target.
Uint256& Uint256::operator/=(const Uint256& divisor) {
    Uint256 rest = *this, quotient;
    const unsigned high = rest.bits(), low = divisor.bits();
    if (low == 0 || high < low) return *this = Uint256();
    Uint256 shifted = divisor << (high - low);
    for (unsigned i = high - low + 1; i-- > 0; shifted >>= 1) {
        quotient <<= 1;
        if (rest < shifted) continue;
        rest -= shifted;
        quotient.limb_[0] |= 1;
    }
    return *this = quotient;
}

}  // namespace lode
