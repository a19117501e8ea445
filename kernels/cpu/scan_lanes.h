// The loop of a vector kernel. Its translation unit first defines, in an unnamed namespace of lode::kernels,
// a type Word of kLanes 32-bit words with nonces(first), swap_bytes(word) and at_most(word, limit), which
// gives a bit a lane; then the hooks of sha256_rounds.h, and includes that.
#pragma once

#include <stdint.h>

#include "kernels/cpu/lanes.h"
#include "kernels/sha256_rounds.h"

namespace lode::kernels {
namespace {

LODE_INLINE void scan_words(const LaneScan& scan) {
    for (uint64_t offset = 0; offset < scan.count; offset += kLanes) {
        const Word w3 = swap_bytes(nonces(scan.first + static_cast<uint32_t>(offset)));
        Word kw[64];  // for all variants; stays in the first-level cache
        lode_schedule(&scan.common, w3, kw);
        for (uint32_t v = 0; v < scan.variants; ++v) {
            Word w[16];
            lode_first_hash(&scan.common, &scan.variant[v], w3, kw, w);
            const uint32_t lanes = at_most(swap_bytes(lode_second_hash(w)), scan.max_top);
            if (lanes != 0) [[unlikely]]
                found(scan, offset, lanes, v);
        }
    }
}

}  // namespace
}  // namespace lode::kernels
