// Compression by the SHA extensions (Intel, "Intel SHA Extensions", 2013). Compiled with -msha -msse4.1;
// called only if cpu_features().sha_ni.
#include <cstddef>
#include <cstdint>
#include <immintrin.h>

#include "crypto/sha256.h"
#include "kernels/sha256_constants.h"

namespace lode::crypto {
namespace {

alignas(16) constexpr std::uint32_t kRound[64] = {LODE_SHA256_K};

// The instructions keep the state as (a b e f) and (c d g h), highest lane first.
struct Lanes {
    __m128i abef, cdgh;
};

inline Lanes load(const std::uint32_t* state) {
    const auto* words = reinterpret_cast<const __m128i*>(state);
    const __m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128(words), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), 0x1b);
    return {_mm_alignr_epi8(dcba, hgfe, 8), _mm_blend_epi16(hgfe, dcba, 0xf0)};
}

inline void store(const Lanes& lanes, std::uint32_t* state) {
    auto* words = reinterpret_cast<__m128i*>(state);
    const __m128i feba = _mm_shuffle_epi32(lanes.abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(lanes.cdgh, 0xb1);
    _mm_storeu_si128(words, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(words + 1, _mm_alignr_epi8(dchg, feba, 8));
}

// One block for each of two independent states, interleaved to hide latency.
template <int kStates>
inline void compress_block(Lanes (&lanes)[kStates], const std::uint8_t* const (&blocks)[kStates]) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    Lanes before[kStates];
    __m128i w[kStates][4];
    for (int s = 0; s < kStates; ++s) {
        before[s] = lanes[s];
        for (int i = 0; i < 4; ++i)
            w[s][i] =
                _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(blocks[s]) + i), swap);
    }
    for (int i = 0; i < 16; ++i) {  // four rounds a step
        for (int s = 0; s < kStates; ++s) {
            __m128i& now = w[s][i % 4];
            if (i >= 4) {
                __m128i next = _mm_sha256msg1_epu32(now, w[s][(i + 1) % 4]);
                next = _mm_add_epi32(next, _mm_alignr_epi8(w[s][(i + 3) % 4], w[s][(i + 2) % 4], 4));
                now = _mm_sha256msg2_epu32(next, w[s][(i + 3) % 4]);
            }
            const __m128i kw =
                _mm_add_epi32(now, _mm_load_si128(reinterpret_cast<const __m128i*>(kRound) + i));
            lanes[s].cdgh = _mm_sha256rnds2_epu32(lanes[s].cdgh, lanes[s].abef, kw);
            lanes[s].abef = _mm_sha256rnds2_epu32(lanes[s].abef, lanes[s].cdgh, _mm_shuffle_epi32(kw, 0x0e));
        }
    }
    for (int s = 0; s < kStates; ++s) {
        lanes[s].abef = _mm_add_epi32(lanes[s].abef, before[s].abef);
        lanes[s].cdgh = _mm_add_epi32(lanes[s].cdgh, before[s].cdgh);
    }
}

}  // namespace

void compress_sha_ni(State& state, const std::uint8_t* blocks, std::size_t count);
void compress_two_sha_ni(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b);

void compress_sha_ni(State& state, const std::uint8_t* blocks, std::size_t count) {
    Lanes lanes[1] = {load(state.data())};
    for (; count > 0; --count, blocks += 64) compress_block<1>(lanes, {blocks});
    store(lanes[0], state.data());
}

void compress_two_sha_ni(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b) {
    Lanes lanes[2] = {load(a.data()), load(b.data())};
    compress_block<2>(lanes, {block_a, block_b});
    store(lanes[0], a.data());
    store(lanes[1], b.data());
}

}  // namespace lode::crypto
