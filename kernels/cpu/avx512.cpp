// 32 nonces at once as two vectors, interleaved round by round: one alone would wait for its own results, and
// what does not fit into 32 registers costs loads, of which there is room, not arithmetic.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

constexpr unsigned kLanes = 32;

struct Word {
    __m512i x, y;

    Word() = default;
    LODE_MEMBER Word(__m512i first, __m512i second) : x(first), y(second) {}
    LODE_MEMBER Word(uint32_t all) : x(_mm512_set1_epi32(static_cast<int>(all))), y(x) {}
};

LODE_INLINE Word add(Word a, Word b) {
    return {_mm512_add_epi32(a.x, b.x), _mm512_add_epi32(a.y, b.y)};
}

template <int distance>
LODE_INLINE Word rotate_right(Word a) {
    return {_mm512_ror_epi32(a.x, distance), _mm512_ror_epi32(a.y, distance)};
}

template <int distance>
LODE_INLINE Word shift_right(Word a) {
    return {_mm512_srli_epi32(a.x, distance), _mm512_srli_epi32(a.y, distance)};
}

// Any function of three bits; bit 4 a + 2 b + c of the table is its value.
template <int table>
LODE_INLINE Word logic(Word a, Word b, Word c) {
    return {_mm512_ternarylogic_epi32(a.x, b.x, c.x, table), _mm512_ternarylogic_epi32(a.y, b.y, c.y, table)};
}

LODE_INLINE Word swap_bytes(Word a) {
    const __m512i order = _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203);
    return {_mm512_shuffle_epi8(a.x, order), _mm512_shuffle_epi8(a.y, order)};
}

LODE_INLINE Word nonces(uint32_t first) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i x = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(first)), lane);
    return {x, _mm512_add_epi32(x, _mm512_set1_epi32(16))};
}

LODE_INLINE uint32_t at_most(Word a, uint32_t limit) {
    const __m512i most = _mm512_set1_epi32(static_cast<int>(limit));
    return static_cast<uint32_t>(_mm512_cmple_epu32_mask(a.x, most)) |
           static_cast<uint32_t>(_mm512_cmple_epu32_mask(a.y, most)) << 16;
}

}  // namespace
}  // namespace lode::kernels

#define LODE_WORD lode::kernels::Word
#define LODE_FN LODE_INLINE
#define LODE_ADD(a, b) lode::kernels::add(a, b)
#define LODE_ROTR(a, n) lode::kernels::rotate_right<n>(a)
#define LODE_SHR(a, n) lode::kernels::shift_right<n>(a)
#define LODE_XOR3(a, b, c) lode::kernels::logic<0x96>(a, b, c)
#define LODE_CH(e, f, g) lode::kernels::logic<0xca>(e, f, g)
#define LODE_MAJ(a, b, c) lode::kernels::logic<0xe8>(a, b, c)
#include "kernels/cpu/scan_lanes.h"

namespace lode::kernels {

void scan_lanes_avx512(const LaneScan& scan) {
    scan_words(scan);
}

}  // namespace lode::kernels
