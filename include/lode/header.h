// The 80-byte block header and the 32-byte hash.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lode/uint256.h"

namespace lode {

// SHA-256d output in wire byte order ("internal order"); hex shows it reversed ("display order").
struct Hash256 {
    std::array<std::uint8_t, 32> bytes{};

    [[nodiscard]] std::string hex() const;  // display order: most significant byte first
    static std::optional<Hash256> from_hex(std::string_view hex);  // 64 digits, display order
    [[nodiscard]] Uint256 number() const { return Uint256::from_le_bytes(bytes); }
    [[nodiscard]] bool is_zero() const { return *this == Hash256{}; }
    friend bool operator==(const Hash256&, const Hash256&) = default;
    friend std::strong_ordering operator<=>(const Hash256&, const Hash256&) = default;
};

inline constexpr std::size_t kHeaderSize = 80;

// Fields as numbers; serialized little-endian, hashes in internal order.
struct BlockHeader {
    std::uint32_t version = 0;  // signed in consensus code; used as bits here
    Hash256 prev;
    Hash256 merkle_root;
    std::uint32_t time = 0;  // seconds since 1970
    std::uint32_t bits = 0;  // compact target, nBits
    std::uint32_t nonce = 0;

    [[nodiscard]] std::array<std::uint8_t, kHeaderSize> serialize() const;
    static BlockHeader parse(std::span<const std::uint8_t, kHeaderSize> raw);
    [[nodiscard]] Hash256 hash() const;  // SHA-256d of serialize(), computed each time
    friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
};

}  // namespace lode

template <>
struct std::hash<lode::Hash256> {
    std::size_t operator()(
        const lode::Hash256& h) const noexcept {  // the low bytes of a block hash are random
        std::size_t value = 0;
        std::memcpy(&value, h.bytes.data(), sizeof value);
        return value;
    }
};
