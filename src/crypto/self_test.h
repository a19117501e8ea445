// Known-answer tests for SHA-256's compression functions: compress() uses only those that pass.
#pragma once

#include <span>

#include "crypto/sha256.h"

namespace lode::crypto {

using Compress = void (*)(State&, const std::uint8_t* blocks, std::size_t count);
// One block for each of two states.
using CompressTwo = void (*)(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b);

// The examples of FIPS 180-4 for one block and for two in one call, at an odd address.
[[nodiscard]] bool passes_self_test(Compress compress);
[[nodiscard]] bool passes_self_test(CompressTwo compress);
// The first of these that passes; the portable one if none does.
[[nodiscard]] Compress first_working(std::span<const Compress> candidates);

}  // namespace lode::crypto
