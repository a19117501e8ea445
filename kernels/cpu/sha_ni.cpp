// SHA-256d by the SHA extensions (Intel, "Intel SHA Extensions", 2013): two nonces side by side, so that one
// fills the waits of the other. Compiled with -msha -msse4.1. The limit is sha256rnds2, 62 a hash.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"
#include "kernels/sha256_constants.h"

namespace lode::kernels {
namespace {

// Two streams.
struct Two {
    __m128i x, y;
};

alignas(16) constexpr uint32_t kRound[64] = {LODE_SHA256_K};
alignas(16) constexpr uint32_t kInitial[8] = {LODE_SHA256_IV};

LODE_INLINE __m128i load(const uint32_t* words) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(words));
}
LODE_INLINE __m128i words(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3) {
    return _mm_setr_epi32(static_cast<int>(w0), static_cast<int>(w1), static_cast<int>(w2),
                          static_cast<int>(w3));
}
LODE_INLINE Two both(__m128i v) {
    return {v, v};
}
LODE_INLINE Two add(Two a, Two b) {
    return {_mm_add_epi32(a.x, b.x), _mm_add_epi32(a.y, b.y)};
}
LODE_INLINE Two rounds2(Two cdgh, Two abef, Two kw) {
    return {_mm_sha256rnds2_epu32(cdgh.x, abef.x, kw.x), _mm_sha256rnds2_epu32(cdgh.y, abef.y, kw.y)};
}
LODE_INLINE Two upper(Two a) {
    return {_mm_shuffle_epi32(a.x, 0x0e), _mm_shuffle_epi32(a.y, 0x0e)};
}
LODE_INLINE Two message1(Two a, Two b) {
    return {_mm_sha256msg1_epu32(a.x, b.x), _mm_sha256msg1_epu32(a.y, b.y)};
}
LODE_INLINE Two message2(Two a, Two b) {
    return {_mm_sha256msg2_epu32(a.x, b.x), _mm_sha256msg2_epu32(a.y, b.y)};
}
// Words 1 to 3 of a, then word 0 of b.
LODE_INLINE Two middle(Two a, Two b) {
    return {_mm_alignr_epi8(b.x, a.x, 4), _mm_alignr_epi8(b.y, a.y, 4)};
}
// The next four words of the schedule after a, b, c, d.
LODE_INLINE Two next(Two a, Two b, Two c, Two d) {
    return message2(add(message1(a, b), middle(c, d)), d);
}
LODE_INLINE Two with_k(Two w, int group) {
    return add(w, both(load(kRound + 4 * group)));
}

// The state as the instructions hold it: (f e b a) and (h g d c), lowest lane first.
struct State {
    Two abef, cdgh;
};
struct HalfState {
    __m128i abef, cdgh;
};

LODE_INLINE HalfState pack(const uint32_t* state) {
    const __m128i badc = _mm_shuffle_epi32(load(state), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(load(state + 4), 0x1b);
    return {_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xf0)};
}
LODE_INLINE void rounds4(State& s, Two kw) {
    s.cdgh = rounds2(s.cdgh, s.abef, kw);
    s.abef = rounds2(s.abef, s.cdgh, upper(kw));
}
// Back to a to d and e to h.
LODE_INLINE __m128i first_words(__m128i abef, __m128i cdgh) {
    return _mm_blend_epi16(_mm_shuffle_epi32(abef, 0x1b), _mm_shuffle_epi32(cdgh, 0xb1), 0xf0);
}
LODE_INLINE __m128i last_words(__m128i abef, __m128i cdgh) {
    return _mm_alignr_epi8(_mm_shuffle_epi32(cdgh, 0xb1), _mm_shuffle_epi32(abef, 0x1b), 8);
}

// Rounds 0 and 1 of the first hash do not depend on the nonce.
struct Variant {
    HalfState midstate, after2;
};

LODE_INLINE Variant prepare_variant(const uint32_t* midstate, const uint32_t* tail) {
    Variant v;
    v.midstate = pack(midstate);
    const __m128i kw = _mm_add_epi32(words(tail[0], tail[1], 0, 0), load(kRound));
    v.after2.cdgh = _mm_sha256rnds2_epu32(v.midstate.cdgh, v.midstate.abef, kw);
    v.after2.abef = v.midstate.abef;
    return v;
}

// K + W of the first hash, for all variants: 16 groups of four words.
LODE_INLINE void schedule(const uint32_t* tail, uint32_t nonce, Two kw[16]) {
    const Two a = {words(tail[0], tail[1], tail[2], __builtin_bswap32(nonce)),
                   words(tail[0], tail[1], tail[2], __builtin_bswap32(nonce + 1))};
    Two w[4] = {a, both(words(0x80000000u, 0, 0, 0)), both(words(0, 0, 0, 0)), both(words(0, 0, 0, 640))};
    for (int i = 0; i < 4; ++i) kw[i] = with_k(w[i], i);
#pragma GCC unroll 12
    for (int i = 4; i < 16; ++i) {
        w[i % 4] = next(w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
        kw[i] = with_k(w[i % 4], i);
    }
}

// The first two groups of the second hash's message.
LODE_INLINE void first_hash(const Variant& v, const Two kw[16], Two& w0, Two& w1) {
    State s = {both(v.after2.abef), both(v.after2.cdgh)};
    s.abef = rounds2(s.abef, s.cdgh, upper(kw[0]));
#pragma GCC unroll 15
    for (int i = 1; i < 16; ++i) rounds4(s, kw[i]);
    s.abef = add(s.abef, both(v.midstate.abef));
    s.cdgh = add(s.cdgh, both(v.midstate.cdgh));
    w0 = {first_words(s.abef.x, s.cdgh.x), first_words(s.abef.y, s.cdgh.y)};
    w1 = {last_words(s.abef.x, s.cdgh.x), last_words(s.abef.y, s.cdgh.y)};
}

// H7 in the lowest lane: it is e after round 60, which is f after round 61, plus its initial value.
LODE_INLINE Two second_hash(Two w0, Two w1) {
    const HalfState initial = pack(kInitial);
    State s = {both(initial.abef), both(initial.cdgh)};
    const __m128i end = words(0x80000000u, 0, 0, 0), length = words(0, 0, 0, 256);
    Two w[4] = {w0, w1, both(end), both(length)};
    for (int i = 0; i < 2; ++i) rounds4(s, with_k(w[i], i));
    rounds4(s, both(_mm_add_epi32(end, load(kRound + 8))));
    rounds4(s, both(_mm_add_epi32(length, load(kRound + 12))));
    w[0] = message2(message1(w0, w1), w[3]);  // W[9 … 12] = 0
    rounds4(s, with_k(w[0], 4));
    w[1] = message2(add(message1(w1, w[2]), middle(w[3], w[0])), w[0]);
    rounds4(s, with_k(w[1], 5));
    w[2] = message2(add(both(end), middle(w[0], w[1])), w[1]);  // W[8] alone is not zero
    rounds4(s, with_k(w[2], 6));
#pragma GCC unroll 8
    for (int i = 7; i < 15; ++i) {
        w[i % 4] = next(w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
        rounds4(s, with_k(w[i % 4], i));
    }
    const Two last = next(w[3], w[0], w[1], w[2]);
    return add(rounds2(s.cdgh, s.abef, with_k(last, 15)), both(words(kInitial[7], 0, 0, 0)));
}

LODE_INLINE uint32_t top(__m128i hash) {
    return __builtin_bswap32(static_cast<uint32_t>(_mm_cvtsi128_si32(hash)));
}

}  // namespace

void scan_lanes_sha_ni(const LaneScan& scan) {
    Variant variants[8];
    for (uint32_t v = 0; v < scan.variants; ++v)
        variants[v] = prepare_variant(scan.variant[v].mid, scan.tail);
    for (uint64_t offset = 0; offset < scan.count; offset += 2) {
        Two kw[16];
        schedule(scan.tail, scan.first + static_cast<uint32_t>(offset), kw);
        for (uint32_t v = 0; v < scan.variants; ++v) {
            Two w0, w1;
            first_hash(variants[v], kw, w0, w1);
            const Two hash = second_hash(w0, w1);
            const bool x = top(hash.x) <= scan.max_top, y = top(hash.y) <= scan.max_top;
            if (x || y) [[unlikely]]
                found(scan, offset, (x ? 1u : 0u) | (y ? 2u : 0u), v);
        }
    }
}

}  // namespace lode::kernels
