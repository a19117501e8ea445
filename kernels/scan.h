// The contract of every kernel.
//
// A kernel hashes, for each nonce of [first, first + count) and each midstate v < input.variants, the block
// header
//     second_chunk = tail[0] tail[1] tail[2] bswap32(nonce) 0x80000000 0 ... 0 640
//     hash         = SHA-256(SHA-256 continued from midstate[v] over second_chunk)
// and reports (nonce, v) where the top word of the hash, read as a little-endian 256-bit number, is <=
// max_top. That word is bswap32 of the last state word H7. A reported hit is only a candidate: the caller
// hashes again and compares all 256 bits.
//
//   - first + count <= 2^32, count >= 1; any alignment, any length. Nonces outside the range are never
//   reported.
//   - every hit inside the range is counted in ScanResult::total; the first kMaxHits recorded are kept, in
//   any order.
//   - no I/O, no threads, no allocation, no state: a kernel may run on any thread, also on several at once.
#pragma once

#include <cstdint>

#include "lode/scan.h"

namespace lode::kernels {

using ScanFunction = void (*)(const ScanInput& input, std::uint32_t first, std::uint64_t count,
                              ScanResult& result);

}  // namespace lode::kernels
