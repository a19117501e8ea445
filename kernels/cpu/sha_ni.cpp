// SHA-256d by the SHA extensions (Intel, "Intel SHA Extensions", 2013). Compiled with -msha -msse4.1.
//
// The bottleneck is the latency of sha256rnds2, of which a hash needs 61 in sequence. So hashes are
// interleaved: the first hash of a header with the second hash of the previous header. The next first hash
// depends on neither and starts at once. A CPU that starts one sha256rnds2 a cycle, four cycles each, has
// room for two headers at a time.
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

// Four more words of a second hash's schedule, of whose words before W[16] eight are constants.
LODE_INLINE void schedule(Four (&w)[4], int group) {
    const Four end = four(0x80000000u, 0, 0, 0), length = four(0, 0, 0, 256);
    if (group == 4)  // W[9 … 12] = 0
        w[0] = _mm_sha256msg2_epu32(_mm_sha256msg1_epu32(w[0], w[1]), length);
    else if (group == 5)
        w[1] = next_four(w[1], end, length, w[0]);
    else if (group == 6)  // sigma0(W[9 … 12]) = 0
        w[2] = _mm_sha256msg2_epu32(_mm_add_epi32(end, across(w[0], w[1])), w[1]);
    else if (group > 6)
        w[group % 4] = next_four(w[group % 4], w[(group + 1) % 4], w[(group + 2) % 4], w[(group + 3) % 4]);
}

LODE_INLINE State plus(const State& a, const State& b) {
    return {_mm_add_epi32(a.abef, b.abef), _mm_add_epi32(a.cdgh, b.cdgh)};
}

// The first hashes of some headers, interleaved with the second hashes of the previous call's digests; bit i
// of what it returns: the top word of the latter's i-th does not exceed max_top.
template <bool first_variant, int headers>
LODE_INLINE uint32_t step(const Variant& v, Header (&h)[headers], uint32_t max_top) {
    State s[headers], t[headers];
    Four w[headers][4];
    for (int i = 0; i < headers; ++i) {
        s[i] = {_mm_add_epi32(v.after4.abef, h[i].nonce), v.after4.cdgh};
        t[i] = pack(kInitial);
        w[i][0] = h[i].digest[0];
        w[i][1] = h[i].digest[1];
        w[i][2] = four(0x80000000u, 0, 0, 0);
        w[i][3] = four(0, 0, 0, 256);
    }
#pragma GCC unroll 15
    for (int group = 0; group < 15; ++group) {
        Four t_kw[headers];
        for (int i = 0; i < headers; ++i) {
            if constexpr (first_variant)
                if (group >= 3) schedule(h[i], group + 1);
            schedule(w[i], group);
            t_kw[i] = with_k(w[i][group % 4], group);
        }
        for (int i = 0; i < headers; ++i) {
            s[i].cdgh = _mm_sha256rnds2_epu32(s[i].cdgh, s[i].abef, h[i].kw[group + 1]);
            t[i].cdgh = _mm_sha256rnds2_epu32(t[i].cdgh, t[i].abef, t_kw[i]);
        }
        for (int i = 0; i < headers; ++i) {
            const Four s_kw = _mm_shuffle_epi32(h[i].kw[group + 1], 0x0e);
            s[i].abef = _mm_sha256rnds2_epu32(s[i].abef, s[i].cdgh, s_kw);
            t[i].abef = _mm_sha256rnds2_epu32(t[i].abef, t[i].cdgh, _mm_shuffle_epi32(t_kw[i], 0x0e));
        }
    }
    uint32_t hits = 0;
    for (int i = 0; i < headers; ++i) {
        // H7 is e after round 60, called f after round 61, plus its initial value.
        schedule(w[i], 15);
        const Four f = _mm_sha256rnds2_epu32(t[i].cdgh, t[i].abef, with_k(w[i][3], 15));
        const State digest = plus(s[i], v.midstate);
        const Four feba = _mm_shuffle_epi32(digest.abef, 0x1b), dchg = _mm_shuffle_epi32(digest.cdgh, 0xb1);
        h[i].digest[0] = _mm_blend_epi16(feba, dchg, 0xf0);
        h[i].digest[1] = _mm_alignr_epi8(dchg, feba, 8);
        const uint32_t h7 = static_cast<uint32_t>(_mm_cvtsi128_si32(f)) + kInitial[7];
        if (__builtin_bswap32(h7) <= max_top) hits |= 1u << i;
    }
    return hits;
}

template <int headers>
LODE_INLINE void scan_headers(const LaneScan& scan) {
    Variant variants[8];
    for (uint32_t v = 0; v < scan.variants; ++v)
        variants[v] = prepare_variant(scan.variant[v].mid, scan.tail);
    const Four end = four(0x80000000u, 0, 0, 0), zero = four(0, 0, 0, 0), length = four(0, 0, 0, 640);
    Header h[headers];
    for (auto& one : h) {
        one.kw[1] = with_k(end, 1);
        one.kw[2] = with_k(zero, 2);
        one.kw[3] = with_k(length, 3);
        one.digest[0] = one.digest[1] = zero;
    }
    uint64_t before = scan.count;  // the headers whose second hashes are pending: none yet
    uint32_t variant_before = 0;
    for (uint64_t offset = 0; offset < scan.count + headers;
         offset += headers) {  // once more, for the last ones
        for (uint32_t i = 0; i < headers; ++i) {
            const uint32_t nonce = __builtin_bswap32(scan.first + static_cast<uint32_t>(offset) + i);
            h[i].nonce = four(0, nonce, 0, nonce);
            h[i].w[0] = four(scan.tail[0], scan.tail[1], scan.tail[2], nonce);
            h[i].w[1] = end;
            h[i].w[2] = zero;
            h[i].w[3] = length;
        }
        for (uint32_t v = 0; v < scan.variants; ++v) {
            const uint32_t hits =
                v == 0 ? step<true>(variants[v], h, scan.max_top) : step<false>(variants[v], h, scan.max_top);
            if (hits != 0) [[unlikely]]
                found(scan, before, hits, variant_before);
            before = offset;
            variant_before = v;
        }
    }
}

}  // namespace

void scan_lanes_sha_ni(const LaneScan& scan) {
    scan_headers<1>(scan);
}

void scan_lanes_sha_ni_pair(const LaneScan& scan) {
    scan_headers<2>(scan);
}

}  // namespace lode::kernels
