// Compression by the SHA extensions (Intel, "Intel SHA Extensions", 2013). Compiled with -msha -msse4.1;
// called only where cpu_features().sha_ni says so.
#include <cstddef>
#include <cstdint>
#include <immintrin.h>

#include "crypto/sha256.h"
#include "kernels/sha256_constants.h"

namespace lode::crypto {
namespace {

alignas(16) constexpr std::uint32_t kRound[64] = {LODE_SHA256_K};

}  // namespace

void compress_sha_ni(State& state, const std::uint8_t* blocks, std::size_t count);

void compress_sha_ni(State& state, const std::uint8_t* blocks, std::size_t count) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    auto* words = reinterpret_cast<__m128i*>(state.data());
    // The instructions keep the state as (a b e f) and (c d g h), highest lane first.
    const __m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128(words), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), 0x1b);
    __m128i abef = _mm_alignr_epi8(dcba, hgfe, 8);
    __m128i cdgh = _mm_blend_epi16(hgfe, dcba, 0xf0);
    for (; count > 0; --count, blocks += 64) {
        const __m128i abef_in = abef, cdgh_in = cdgh;
        __m128i w[4];
        for (int i = 0; i < 4; ++i)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(blocks) + i), swap);
        for (int i = 0; i < 16; ++i) {  // four rounds a step
            __m128i& now = w[i % 4];
            if (i >= 4) {
                __m128i next = _mm_sha256msg1_epu32(now, w[(i + 1) % 4]);
                next = _mm_add_epi32(next, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4));
                now = _mm_sha256msg2_epu32(next, w[(i + 3) % 4]);
            }
            const __m128i kw =
                _mm_add_epi32(now, _mm_load_si128(reinterpret_cast<const __m128i*>(kRound) + i));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, kw);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(kw, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_in);
        cdgh = _mm_add_epi32(cdgh, cdgh_in);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(words, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(words + 1, _mm_alignr_epi8(dchg, feba, 8));
}

}  // namespace lode::crypto
