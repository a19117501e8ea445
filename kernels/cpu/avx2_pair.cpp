// Compiled with -mavx2.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

using Vector = __m256i;
constexpr uint32_t kVectorLanes = 8;

LODE_INLINE Vector broadcast(uint32_t word) {
    return _mm256_set1_epi32(static_cast<int>(word));
}

LODE_INLINE Vector count_up() {
    return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
}

LODE_INLINE Vector add(Vector a, Vector b) {
    return _mm256_add_epi32(a, b);
}

template <int distance>
LODE_INLINE Vector shift_right(Vector a) {
    return _mm256_srli_epi32(a, distance);
}

template <int distance>
LODE_INLINE Vector rotate_right(Vector a) {
    return _mm256_or_si256(_mm256_srli_epi32(a, distance), _mm256_slli_epi32(a, 32 - distance));
}

LODE_INLINE Vector exclusive_or(Vector a, Vector b, Vector c) {
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}

LODE_INLINE Vector choose(Vector e, Vector f, Vector g) {
    return _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
}

// a ^ b is the next round's b ^ c, so it is three operations a round.
LODE_INLINE Vector majority(Vector a, Vector b, Vector c) {
    return _mm256_xor_si256(b, _mm256_and_si256(_mm256_xor_si256(a, b), _mm256_xor_si256(b, c)));
}

LODE_INLINE Vector swap_bytes(Vector a) {
    return _mm256_shuffle_epi8(a, _mm256_set_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203, 0x0c0d0e0f,
                                                   0x08090a0b, 0x04050607, 0x00010203));
}

LODE_INLINE uint32_t at_most(Vector a, Vector limits) {
    const Vector hit = _mm256_cmpeq_epi32(_mm256_min_epu32(a, limits), a);
    return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(hit)));
}

}  // namespace
}  // namespace lode::kernels

#include "kernels/cpu/scan_lanes.h"

namespace lode::kernels {

void scan_lanes_avx2_pair(const LaneScan& scan) {
    scan_words(scan);
}

}  // namespace lode::kernels
