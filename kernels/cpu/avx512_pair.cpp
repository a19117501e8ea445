// Compiled with -mavx512f -mavx512bw -mavx512vl -mavx512dq.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

using Vector = __m512i;
constexpr uint32_t kVectorLanes = 16;

LODE_INLINE Vector broadcast(uint32_t word) {
    return _mm512_set1_epi32(static_cast<int>(word));
}

LODE_INLINE Vector count_up() {
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

LODE_INLINE Vector add(Vector a, Vector b) {
    return _mm512_add_epi32(a, b);
}

template <int distance>
LODE_INLINE Vector rotate_right(Vector a) {
    return _mm512_ror_epi32(a, distance);
}

template <int distance>
LODE_INLINE Vector shift_right(Vector a) {
    return _mm512_srli_epi32(a, distance);
}

// Any function of three bits is one instruction: bit 4 a + 2 b + c of its table is the value.
LODE_INLINE Vector exclusive_or(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

LODE_INLINE Vector choose(Vector e, Vector f, Vector g) {
    return _mm512_ternarylogic_epi32(e, f, g, 0xca);
}

LODE_INLINE Vector majority(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0xe8);
}

LODE_INLINE Vector swap_bytes(Vector a) {
    return _mm512_shuffle_epi8(a, _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203));
}

LODE_INLINE uint32_t at_most(Vector a, Vector limits) {
    return static_cast<uint32_t>(_mm512_cmple_epu32_mask(a, limits));
}

}  // namespace
}  // namespace lode::kernels

#include "kernels/cpu/scan_lanes.h"

namespace lode::kernels {

void scan_lanes_avx512_pair(const LaneScan& scan) {
    scan_words(scan);
}

}  // namespace lode::kernels
