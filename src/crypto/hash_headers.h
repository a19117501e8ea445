// SHA-256d of many block headers: two at a time if the CPU has SHA instructions, to hide their latency.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lode/header.h"

namespace lode::crypto {

// Header i is the 80 bytes at bytes[i * stride]; hashes[i] gets its hash. bytes must hold all of them.
void hash_headers(std::span<const std::uint8_t> bytes, std::size_t stride, std::span<Hash256> hashes);

}  // namespace lode::crypto
