// Between the kernels that have an instruction set of their own and the rest: plain words and functions.
// Their translation units share no inline function with baseline code, since the linker keeps one copy of
// such a function, and that might be the one which this CPU cannot run.
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
    uint32_t first;  // nonces from here
    uint64_t count;
    void* result;  // for found()
};

// Nonces first + offset + i hit as this variant, for each bit i of lanes. Those at or beyond count are
// ignored: vectors do not end where ranges do.
void found(const LaneScan& scan, uint64_t offset, uint32_t lanes, uint32_t variant);

void scan_lanes_sha_ni(const LaneScan& scan);
void scan_lanes_avx2(const LaneScan& scan);
void scan_lanes_avx512(const LaneScan& scan);

}  // namespace lode::kernels
