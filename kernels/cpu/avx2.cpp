// 8 nonces at once.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

constexpr unsigned kLanes = 8;

struct Word {
    __m256i x;

    Word() = default;
    LODE_MEMBER Word(__m256i words) : x(words) {}
    LODE_MEMBER Word(uint32_t all) : x(_mm256_set1_epi32(static_cast<int>(all))) {}
};

LODE_INLINE Word add(Word a, Word b) {
    return _mm256_add_epi32(a.x, b.x);
}

template <int distance>
LODE_INLINE Word shift_right(Word a) {
    return _mm256_srli_epi32(a.x, distance);
}

template <int distance>
LODE_INLINE Word rotate_right(Word a) {
    return _mm256_or_si256(_mm256_srli_epi32(a.x, distance), _mm256_slli_epi32(a.x, 32 - distance));
}

LODE_INLINE Word exclusive_or(Word a, Word b, Word c) {
    return _mm256_xor_si256(_mm256_xor_si256(a.x, b.x), c.x);
}

LODE_INLINE Word choose(Word e, Word f, Word g) {
    return _mm256_xor_si256(g.x, _mm256_and_si256(e.x, _mm256_xor_si256(f.x, g.x)));
}

LODE_INLINE Word majority(Word a, Word b, Word c) {
    return _mm256_or_si256(_mm256_and_si256(a.x, b.x), _mm256_and_si256(c.x, _mm256_or_si256(a.x, b.x)));
}

LODE_INLINE Word swap_bytes(Word a) {
    const __m256i order = _mm256_set_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203, 0x0c0d0e0f,
                                           0x08090a0b, 0x04050607, 0x00010203);
    return _mm256_shuffle_epi8(a.x, order);
}

LODE_INLINE Word nonces(uint32_t first) {
    return _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(first)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

LODE_INLINE uint32_t at_most(Word a, uint32_t limit) {
    const __m256i most = _mm256_set1_epi32(static_cast<int>(limit));
    const __m256i hit = _mm256_cmpeq_epi32(_mm256_min_epu32(a.x, most), a.x);
    return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(hit)));
}

}  // namespace
}  // namespace lode::kernels

#define LODE_WORD lode::kernels::Word
#define LODE_FN LODE_INLINE
#define LODE_ADD(a, b) lode::kernels::add(a, b)
#define LODE_ROTR(a, n) lode::kernels::rotate_right<n>(a)
#define LODE_SHR(a, n) lode::kernels::shift_right<n>(a)
#define LODE_XOR3(a, b, c) lode::kernels::exclusive_or(a, b, c)
#define LODE_CH(e, f, g) lode::kernels::choose(e, f, g)
#define LODE_MAJ(a, b, c) lode::kernels::majority(a, b, c)
#include "kernels/cpu/scan_lanes.h"

namespace lode::kernels {

void scan_lanes_avx2(const LaneScan& scan) {
    scan_words(scan);
}

}  // namespace lode::kernels
