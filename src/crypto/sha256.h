// SHA-256 (FIPS 180-4) and SHA-256d, for headers, coinbases and merkle trees. Not for scanning nonces: see
// kernels/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/sha256_constants.h"
#include "lode/header.h"

namespace lode::crypto {

using State = std::array<std::uint32_t, 8>;

inline constexpr State kInitialState = {LODE_SHA256_IV};

// The compression function over consecutive 64-byte blocks, with the fastest implementation that this CPU
// supports.
void compress(State& state, const std::uint8_t* blocks, std::size_t count);
// The same in portable C++, the reference for the others.
void compress_portable(State& state, const std::uint8_t* blocks, std::size_t count);
// The name of what compress() uses: "sha-ni", "arm-sha2" or "portable".
const char* compress_name();

class Sha256 {
 public:
    Sha256& write(std::span<const std::uint8_t> data);
    [[nodiscard]] std::array<std::uint8_t, 32> finish();  // once; not usable afterwards

 private:
    State state_ = kInitialState;
    std::array<std::uint8_t, 64> buffer_{};
    std::uint64_t size_ = 0;  // bytes so far
};

std::array<std::uint8_t, 32> sha256(std::span<const std::uint8_t> data);
Hash256 sha256d(std::span<const std::uint8_t> data);
Hash256 sha256d(std::span<const std::uint8_t> left,
                std::span<const std::uint8_t> right);  // of the concatenation
// SHA-256d of exactly 80 bytes, three compressions and no copies: the fastest for headers.
Hash256 hash_header(std::span<const std::uint8_t, kHeaderSize> raw);
// State after the first 64 bytes of a header.
State midstate(std::span<const std::uint8_t, 64> first_chunk);

}  // namespace lode::crypto
