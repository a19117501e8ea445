// Mainnet blocks as known answers for kernels and devices: five headers whose hash is far below 2^224, so
// that a scan with max_top 0 must report their nonce and, within a short range, nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "lode/header.h"
#include "lode/scan.h"

namespace lode::backend {

using RawHeader = std::array<std::uint8_t, kHeaderSize>;

struct KnownBlock {
    std::uint32_t height = 0;
    RawHeader header{};
    std::uint32_t nonce = 0;
};

std::span<const KnownBlock> known_blocks();

// The header of variant v: version bits 13 to 15 (BIP 320) xor v, so variant 0 is the header itself.
RawHeader rolled(const RawHeader& header, std::uint32_t variant, std::uint32_t nonce);
// The kernel input for the header with `variants` versions. The header itself is at index `slot`, swapped
// with variant 0, so that a known block can be tested at every index.
ScanInput scan_input(const RawHeader& header, std::uint32_t variants, std::uint32_t max_top,
                     std::uint32_t slot = 0);
// The top 32 bits of a header's hash as a number, by lode::crypto.
std::uint32_t hash_top(const RawHeader& header);

}  // namespace lode::backend
