#include "lode/header.h"

#include <algorithm>

#include "crypto/sha256.h"
#include "util/hex.h"

namespace lode {
namespace {

void store_le(std::uint8_t* p, std::uint32_t v) {
    for (int i = 0; i < 4; ++i) p[i] = static_cast<std::uint8_t>(v >> (8 * i));
}

std::uint32_t load_le(const std::uint8_t* p) {
    return static_cast<std::uint32_t>(p[3]) << 24 | static_cast<std::uint32_t>(p[2]) << 16 |
           static_cast<std::uint32_t>(p[1]) << 8 | p[0];
}

}  // namespace

std::string Hash256::hex() const {
    std::array<std::uint8_t, 32> reversed{};
    std::reverse_copy(bytes.begin(), bytes.end(), reversed.begin());
    return util::to_hex(reversed);
}

std::optional<Hash256> Hash256::from_hex(std::string_view hex) {
    Hash256 hash;
    if (!util::from_hex(hex, std::span<std::uint8_t>(hash.bytes))) return std::nullopt;
    std::ranges::reverse(hash.bytes);
    return hash;
}

std::array<std::uint8_t, kHeaderSize> BlockHeader::serialize() const {
    std::array<std::uint8_t, kHeaderSize> raw{};
    store_le(raw.data(), version);
    std::ranges::copy(prev.bytes, raw.begin() + 4);
    std::ranges::copy(merkle_root.bytes, raw.begin() + 36);
    store_le(raw.data() + 68, time);
    store_le(raw.data() + 72, bits);
    store_le(raw.data() + 76, nonce);
    return raw;
}

BlockHeader BlockHeader::parse(std::span<const std::uint8_t, kHeaderSize> raw) {
    BlockHeader h;
    h.version = load_le(raw.data());
    std::copy_n(raw.begin() + 4, 32, h.prev.bytes.begin());
    std::copy_n(raw.begin() + 36, 32, h.merkle_root.bytes.begin());
    h.time = load_le(raw.data() + 68);
    h.bits = load_le(raw.data() + 72);
    h.nonce = load_le(raw.data() + 76);
    return h;
}

Hash256 BlockHeader::hash() const {
    return crypto::hash_header(serialize());
}

}  // namespace lode
