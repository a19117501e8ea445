// The interface between the kernels with their own instruction set and the rest: plain words and functions.
// Their translation units share no inline function with baseline code, since the linker keeps one copy of
// such a function, possibly one that this CPU cannot run.
#pragma once

#include <stdint.h>

#include "kernels/sha256_prepared.h"

#define LODE_INLINE static inline __attribute__((always_inline))
#define LODE_MEMBER __attribute__((always_inline))

namespace lode::kernels {

struct LaneScan {
    lode_common common;
    const lode_variant* variant;
    uint32_t variants;  // 1 to 8
    uint32_t tail[3];
    uint32_t max_top;
    uint32_t first;  // first nonce
    uint64_t count;
    void* result;  // for found()
};

// Reports a hit of this variant at nonce first + offset + i for each bit i of lanes. Offsets at or beyond
// count are ignored: the last vector may extend past the range.
void found(const LaneScan& scan, uint64_t offset, uint32_t lanes, uint32_t variant);

void scan_lanes_sha_ni(const LaneScan& scan);
void scan_lanes_sha_ni_pair(const LaneScan& scan);
void scan_lanes_avx2(const LaneScan& scan);
void scan_lanes_avx2_pair(const LaneScan& scan);
void scan_lanes_avx512(const LaneScan& scan);
void scan_lanes_avx512_pair(const LaneScan& scan);
void scan_lanes_neon(const LaneScan& scan);
void scan_lanes_arm_sha2(const LaneScan& scan);

}  // namespace lode::kernels
