// Input and result of a device's scan. Plain data, shared with the CUDA and OpenCL host code.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lode {

inline constexpr std::uint32_t kMaxVariants =
    8;  // midstates per scan: the same block with different version bits
inline constexpr std::uint32_t kMaxHits =
    64;  // hits kept per scan; more are only counted, and found by splitting the scan

// All words as SHA-256 reads them: four header bytes as a big-endian number, stored in host order.
struct ScanInput {
    std::uint32_t variants = 1;                                         // midstates in use, 1 to kMaxVariants
    std::array<std::array<std::uint32_t, 8>, kMaxVariants> midstate{};  // state after header bytes 0 to 63
    std::array<std::uint32_t, 3> tail{};  // header bytes 64 to 75: end of the merkle root, time, nBits
    std::uint32_t max_top = 0;            // highest allowed top 32 bits of the hash (a 256-bit number)
};

struct Hit {
    std::uint32_t nonce = 0;    // the number that the header stores little-endian
    std::uint32_t variant = 0;  // index into ScanInput::midstate
    friend bool operator==(const Hit&, const Hit&) = default;
};

struct ScanResult {
    std::uint64_t total = 0;  // the true number of hits; above kMaxHits the buffer has overflowed
    std::array<Hit, kMaxHits> hits{};

    void add(std::uint32_t nonce, std::uint32_t variant) {
        if (total < kMaxHits) hits[static_cast<std::size_t>(total)] = {nonce, variant};
        ++total;
    }
    [[nodiscard]] bool overflowed() const { return total > kMaxHits; }
    [[nodiscard]] std::size_t kept() const {
        return static_cast<std::size_t>(total < kMaxHits ? total : kMaxHits);
    }
};

}  // namespace lode
