// SHA-256d by the SHA extensions (Intel, "Intel SHA Extensions", 2013). Compiled with -msha -msse4.1.
//
// The bottleneck is the latency of sha256rnds2, of which a hash needs 61 in sequence. So two hashes are
// interleaved: the first hash of a header with the second hash of the previous header. The next first hash
// depends on neither and starts at once.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"
#include "kernels/sha256_constants.h"

namespace lode::kernels {
namespace {

using Four = __m128i;  // consecutive words of a message

alignas(16) constexpr uint32_t kRound[64] = {LODE_SHA256_K};
alignas(16) constexpr uint32_t kInitial[8] = {LODE_SHA256_IV};

LODE_INLINE Four load(const uint32_t* words) {
    return _mm_loadu_si128(reinterpret_cast<const Four*>(words));
}

LODE_INLINE Four four(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3) {
    return _mm_setr_epi32(static_cast<int>(w0), static_cast<int>(w1), static_cast<int>(w2),
                          static_cast<int>(w3));
}

LODE_INLINE Four with_k(Four w, int group) {
    return _mm_add_epi32(w, load(kRound + 4 * group));
}

// Words 1 to 3 of a, then word 0 of b.
LODE_INLINE Four across(Four a, Four b) {
    return _mm_alignr_epi8(b, a, 4);
}

// The four words of the schedule after a, b, c and d.
LODE_INLINE Four next_four(Four a, Four b, Four c, Four d) {
    return _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(a, b), across(c, d)), d);
}

// In the instructions' order: (a b e f) and (c d g h), highest lane first.
struct State {
    Four abef, cdgh;
};

LODE_INLINE State pack(const uint32_t* state) {
    const Four dcba = _mm_shuffle_epi32(load(state), 0xb1);
    const Four hgfe = _mm_shuffle_epi32(load(state + 4), 0x1b);
    return {_mm_alignr_epi8(dcba, hgfe, 8), _mm_blend_epi16(hgfe, dcba, 0xf0)};
}

LODE_INLINE void rounds(State& s, Four kw) {
    s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, kw);
    s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(kw, 0x0e));
}

LODE_INLINE void rounds(State& s, Four s_kw, State& t, Four t_kw) {
    s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, s_kw);
    t.cdgh = _mm_sha256rnds2_epu32(t.cdgh, t.abef, t_kw);
    s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(s_kw, 0x0e));
    t.abef = _mm_sha256rnds2_epu32(t.abef, t.cdgh, _mm_shuffle_epi32(t_kw, 0x0e));
}

struct Variant {
    State midstate;
    State after4;  // for nonce 0: round 3 only adds its word to a and e
};

LODE_INLINE Variant prepare_variant(const uint32_t* midstate, const uint32_t* tail) {
    Variant v;
    v.midstate = v.after4 = pack(midstate);
    rounds(v.after4, with_k(four(tail[0], tail[1], tail[2], 0), 0));
    return v;
}

// The message of one header's first hash, and its result.
struct Header {
    Four nonce;   // in the lanes of a and e
    Four w[4];    // the last 16 words of the schedule
    Four kw[16];  // K + W; computed between the rounds of the first variant, reused by the others
    Four digest[2];
};

LODE_INLINE void schedule(Header& h, int group) {
    Four* const w = h.w;
    w[group % 4] = next_four(w[group % 4], w[(group + 1) % 4], w[(group + 2) % 4], w[(group + 3) % 4]);
    h.kw[group] = with_k(w[group % 4], group);
}

// The first hash of a header, interleaved with the second hash of the previous call's digest; returns the top
// word of the latter.
template <bool first_variant>
LODE_INLINE uint32_t step(const Variant& v, Header& h) {
    State s = {_mm_add_epi32(v.after4.abef, h.nonce), v.after4.cdgh};
    State t = pack(kInitial);
    const Four end = four(0x80000000u, 0, 0, 0), length = four(0, 0, 0, 256);
    Four w[4] = {h.digest[0], h.digest[1], end, length};
    rounds(s, h.kw[1], t, with_k(w[0], 0));
    rounds(s, h.kw[2], t, with_k(w[1], 1));
    rounds(s, h.kw[3], t, with_k(end, 2));
    if constexpr (first_variant) schedule(h, 4);
    rounds(s, h.kw[4], t, with_k(length, 3));
    if constexpr (first_variant) schedule(h, 5);
    w[0] = _mm_sha256msg2_epu32(_mm_sha256msg1_epu32(w[0], w[1]), length);  // W[9 … 12] = 0
    rounds(s, h.kw[5], t, with_k(w[0], 4));
    if constexpr (first_variant) schedule(h, 6);
    w[1] = next_four(w[1], end, length, w[0]);
    rounds(s, h.kw[6], t, with_k(w[1], 5));
    if constexpr (first_variant) schedule(h, 7);
    w[2] = _mm_sha256msg2_epu32(_mm_add_epi32(end, across(w[0], w[1])), w[1]);  // sigma0(W[9 … 12]) = 0
    rounds(s, h.kw[7], t, with_k(w[2], 6));
#pragma GCC unroll 8
    for (int i = 7; i < 15; ++i) {
        if constexpr (first_variant) schedule(h, i + 1);
        w[i % 4] = next_four(w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
        rounds(s, h.kw[i + 1], t, with_k(w[i % 4], i));
    }
    // H7 is e after round 60, called f after round 61, plus its initial value.
    const Four last = next_four(w[3], w[0], w[1], w[2]);
    const Four f = _mm_sha256rnds2_epu32(t.cdgh, t.abef, with_k(last, 15));
    const Four abef = _mm_add_epi32(s.abef, v.midstate.abef), cdgh = _mm_add_epi32(s.cdgh, v.midstate.cdgh);
    const Four feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    h.digest[0] = _mm_blend_epi16(feba, dchg, 0xf0);
    h.digest[1] = _mm_alignr_epi8(dchg, feba, 8);
    return __builtin_bswap32(static_cast<uint32_t>(_mm_cvtsi128_si32(f)) + kInitial[7]);
}

}  // namespace

void scan_lanes_sha_ni(const LaneScan& scan) {
    Variant variants[8];
    for (uint32_t v = 0; v < scan.variants; ++v)
        variants[v] = prepare_variant(scan.variant[v].mid, scan.tail);
    const Four end = four(0x80000000u, 0, 0, 0), zero = four(0, 0, 0, 0), length = four(0, 0, 0, 640);
    Header h;
    h.kw[1] = with_k(end, 1);
    h.kw[2] = with_k(zero, 2);
    h.kw[3] = with_k(length, 3);
    h.digest[0] = h.digest[1] = zero;
    uint64_t before = scan.count;  // the header whose second hash is pending: none yet
    uint32_t variant_before = 0;
    for (uint64_t offset = 0; offset <= scan.count; ++offset) {  // one more, for the last second hashes
        const uint32_t nonce = __builtin_bswap32(scan.first + static_cast<uint32_t>(offset));
        h.nonce = four(0, nonce, 0, nonce);
        h.w[0] = four(scan.tail[0], scan.tail[1], scan.tail[2], nonce);
        h.w[1] = end;
        h.w[2] = zero;
        h.w[3] = length;
        for (uint32_t v = 0; v < scan.variants; ++v) {
            const uint32_t top = v == 0 ? step<true>(variants[v], h) : step<false>(variants[v], h);
            if (top <= scan.max_top) [[unlikely]]
                found(scan, before, 1, variant_before);
            before = offset;
            variant_before = v;
        }
    }
}

}  // namespace lode::kernels
