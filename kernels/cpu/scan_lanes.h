// The loop of a vector kernel: nonces in two vectors, interleaved operation by operation, so that one hides
// the latency of the other; the register spills cost loads, for which ports are free, and no arithmetic.
//
// Its translation unit first defines, in an unnamed namespace of lode::kernels: Vector, of kVectorLanes
// 32-bit words, and on it broadcast(word), count_up(), add, rotate_right<distance>, shift_right<distance>,
// exclusive_or, choose, majority, swap_bytes, and at_most(a, limits), which returns one bit per lane.
#pragma once

#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

struct Word {
    Vector x, y;

    Word() = default;
    LODE_MEMBER Word(Vector first, Vector second) : x(first), y(second) {}
    LODE_MEMBER Word(uint32_t all) : x(broadcast(all)), y(x) {}
};

constexpr uint32_t kLanes = 2 * kVectorLanes;

LODE_INLINE Word add(Word a, Word b) {
    return {add(a.x, b.x), add(a.y, b.y)};
}

template <int distance>
LODE_INLINE Word rotate_right(Word a) {
    return {rotate_right<distance>(a.x), rotate_right<distance>(a.y)};
}

template <int distance>
LODE_INLINE Word shift_right(Word a) {
    return {shift_right<distance>(a.x), shift_right<distance>(a.y)};
}

LODE_INLINE Word exclusive_or(Word a, Word b, Word c) {
    return {exclusive_or(a.x, b.x, c.x), exclusive_or(a.y, b.y, c.y)};
}

LODE_INLINE Word choose(Word e, Word f, Word g) {
    return {choose(e.x, f.x, g.x), choose(e.y, f.y, g.y)};
}

LODE_INLINE Word majority(Word a, Word b, Word c) {
    return {majority(a.x, b.x, c.x), majority(a.y, b.y, c.y)};
}

}  // namespace
}  // namespace lode::kernels

#define LODE_WORD lode::kernels::Word
#define LODE_FN LODE_INLINE
#define LODE_ADD(a, b) lode::kernels::add(a, b)
// The last operand of a sum is ready before the middle one, which takes three rotations.
#define LODE_ADD3(a, b, c) LODE_ADD(LODE_ADD(a, c), b)
#define LODE_ROTR(a, n) lode::kernels::rotate_right<n>(a)
#define LODE_SHR(a, n) lode::kernels::shift_right<n>(a)
#define LODE_XOR3(a, b, c) lode::kernels::exclusive_or(a, b, c)
#define LODE_CH(e, f, g) lode::kernels::choose(e, f, g)
#define LODE_MAJ(a, b, c) lode::kernels::majority(a, b, c)
// A loop, since straight-line code for a whole hash exceeds the decoded instruction cache. After eight rounds
// every variable is back in its place. The empty asm keeps compilers from unrolling the loop.
#define LODE_ROUND_OF_8(i) LODE_ROUND(s, i, LODE_ADD(LODE_H(s, i), next[i]))
#define LODE_ROUNDS_24_TO_63(s, kw)                                         \
    for (const LODE_WORD* next = (kw) + 24; next != (kw) + 64; next += 8) { \
        __asm__ volatile("");                                               \
        LODE_X8(LODE_ROUND_OF_8, 0)                                         \
    }
#include "kernels/sha256_rounds.h"

namespace lode::kernels {
namespace {

LODE_INLINE Word nonces(uint32_t first) {
    const Vector x = add(broadcast(first), count_up());
    return {x, add(x, broadcast(kVectorLanes))};
}

LODE_INLINE uint32_t at_most(Word a, Vector limits) {
    return at_most(a.x, limits) | at_most(a.y, limits) << kVectorLanes;
}

LODE_INLINE Word swap_bytes(Word a) {
    return {swap_bytes(a.x), swap_bytes(a.y)};
}

LODE_INLINE void scan_words(const LaneScan& scan) {
    const Vector limits = broadcast(scan.max_top);
    for (uint64_t offset = 0; offset < scan.count; offset += kLanes) {
        const Word w3 = swap_bytes(nonces(scan.first + static_cast<uint32_t>(offset)));
        Word kw[64];  // for all variants; stays in the first-level cache
        lode_schedule(&scan.common, w3, kw);
        for (uint32_t v = 0; v < scan.variants; ++v) {
            Word w[16];
            lode_first_hash(&scan.common, &scan.variant[v], w3, kw, w);
            const uint32_t lanes = at_most(swap_bytes(lode_second_hash(w)), limits);
            if (lanes != 0) [[unlikely]]
                found(scan, offset, lanes, v);
        }
    }
}

}  // namespace
}  // namespace lode::kernels
