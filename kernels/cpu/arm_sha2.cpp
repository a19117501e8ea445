// SHA-256d by the SHA-2 instructions of Armv8 (Arm Architecture Reference Manual, SHA256H and its like).
// Compiled with -march=armv8-a+crypto.
//
// The limit is these instructions: one a cycle on most cores, each ready four or more later. So four hashes
// are made side by side: the first ones of two headers beside the second ones of the two headers before.
#include <arm_neon.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"
#include "kernels/sha256_constants.h"

namespace lode::kernels {
namespace {

using Four = uint32x4_t;  // consecutive words of a message

constexpr int kHeaders = 2;  // at once

struct Table {
    uint32_t word[64];
};

constexpr uint32_t kInitial[8] = {LODE_SHA256_IV};

// K of the first hash, whose groups begin with rounds 4, 8, …, plus those words of its message that every
// header has: the bit after its end and its length.
constexpr Table first_table() {
    Table k = {{LODE_SHA256_K}};
    k.word[4] += 0x80000000u;
    k.word[15] += 640;
    return k;
}

// K of the second hash. Only its H7 is asked for, which is e after round 60 plus its initial value, added
// here. So its groups begin with rounds 1, 5, … and the last one ends with that round.
constexpr Table second_table() {
    constexpr Table k = {{LODE_SHA256_K}};
    Table shifted = {};
    for (int i = 0; i < 60; ++i) shifted.word[i] = k.word[i + 1];
    shifted.word[59] += kInitial[7];
    return shifted;
}

alignas(16) constexpr Table kFirst = first_table();
alignas(16) constexpr Table kSecond = second_table();
// The second hash's state after round 0, of a W[0] of 0: a and e only add it.
alignas(16) constexpr uint32_t kAfterRound0[8] = {0xfc08884d, kInitial[0], kInitial[1], kInitial[2],
                                                  0x98c7e2a2, kInitial[4], kInitial[5], kInitial[6]};

LODE_INLINE Four load(const Table* table, int group) {
    return vld1q_u32(table->word + 4 * group);
}

// The same address, but a compiler knows no longer what is there: of known words it would make sixteen
// constants, each with an address of its own to compute.
LODE_INLINE const Table* somewhere(const Table* table) {
    __asm__("" : "+r"(table));
    return table;
}

LODE_INLINE Four four(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3) {
    const uint32_t words[4] = {w0, w1, w2, w3};
    return vld1q_u32(words);
}

// The four words of the schedule after a, b, c and d.
LODE_INLINE Four next_four(Four a, Four b, Four c, Four d) {
    return vsha256su1q_u32(vsha256su0q_u32(a, b), c, d);
}

struct State {
    Four abcd, efgh;
};

LODE_INLINE void rounds(State& s, Four kw) {
    const Four abcd = s.abcd;
    s.abcd = vsha256hq_u32(abcd, s.efgh, kw);
    s.efgh = vsha256h2q_u32(s.efgh, abcd, kw);
}

struct Variant {
    State midstate;
    State after4;  // for nonce 0: round 3 only adds its word to a and e
};

LODE_INLINE Variant prepare_variant(const lode_variant& v) {
    const uint32_t h4 = v.hkw4 - kFirst.word[4];  // K[4] + W[4]
    return {{vld1q_u32(v.mid), vld1q_u32(v.mid + 4)},
            {four(v.a4, v.b4, v.c4, v.d4), four(v.e4, v.f4, v.g4, h4)}};
}

// The same for every header.
struct Common {
    Four w16;  // W[16 … 19] but for the nonce's part
    Four w28;  // what W[28 … 31] have of W[12 … 16]
    const Table *first, *second;
};

// One header's first hash and what came of it.
struct Header {
    Four nonce;   // W[3], 0, 0, 0
    Four w16;     // W[16 … 19]
    Four kw[16];  // K + W of groups 4 to 15; the first variant makes it between its rounds, the others use it
    Four digest[2];
};

// The schedule of a first hash, group after group; w is a ring of the last four.
LODE_INLINE Four schedule(const Common& c, const Header& h, Four (&w)[4], int group) {
    const Four zero = vdupq_n_u32(0);
    Four& now = w[group % 4];
    switch (group) {
        case 4:
            now = h.w16;
            break;
        case 5:
            now = vsha256su1q_u32(four(0x80000000u, 0, 0, 0), four(0, 0, 0, 640), w[0]);
            break;
        case 6:
            now = vsha256su1q_u32(zero, w[0], w[1]);
            break;
        case 7:
            now = vsha256su1q_u32(c.w28, w[1], w[2]);
            break;
        default:
            now = next_four(now, w[(group + 1) % 4], w[(group + 2) % 4], w[(group + 3) % 4]);
    }
    return now;
}

// W[16] = sigma0(W[1]) + W[0] of the second hashes of both headers, in words 0 and 2: sigma1(W[14]) and W[9]
// are 0.
LODE_INLINE Four second_w16(const Header (&h)[kHeaders]) {
    static_assert(kHeaders == 2);
    const Four w0 = vcombine_u32(vget_low_u32(h[0].digest[0]), vget_low_u32(h[1].digest[0]));
    return vsha256su0q_u32(w0, h[0].digest[0]);
}

// The schedule of a second hash in groups from W[1] on; w is a ring of the last four.
LODE_INLINE Four schedule(const Four (&digest)[2], Four w16, Four (&w)[4], int group) {
    Four& now = w[group % 4];
    switch (group) {
        case 0:
            now = vextq_u32(digest[0], digest[1], 1);
            break;
        case 1:
            now = vextq_u32(digest[1], four(0x80000000u, 0, 0, 0), 1);
            break;
        case 2:
            now = vdupq_n_u32(0);
            break;
        case 3:
            now = vextq_u32(four(0, 0, 0, 256), w16, 1);
            break;
        case 6:  // W[9 … 12] and sigma0(W[10 … 13]) are 0
            now = vsha256su1q_u32(vdupq_n_u32(0), w[0], w[1]);
            break;
        default:
            now = next_four(now, w[(group + 1) % 4], w[(group + 2) % 4], w[(group + 3) % 4]);
    }
    return now;
}

LODE_INLINE uint32_t rotr(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

// The schedule's first step outside the vectors, whose SHA-2 instructions are the limit.
LODE_INLINE void begin(Header& h, const Common& c, uint32_t w3) {
    const uint32_t sigma0 = rotr(w3, 7) ^ rotr(w3, 18) ^ w3 >> 3;
    h.nonce = vsetq_lane_u32(w3, vdupq_n_u32(0), 0);
    const uint32x2_t w18 = vcreate_u32(static_cast<uint64_t>(w3) << 32 | sigma0);
    h.w16 = vaddq_u32(c.w16, vcombine_u32(vdup_n_u32(0), w18));
}

// Whose digests wait in the headers for their second hash.
struct Pending {
    uint64_t offset;
    uint32_t variant;
};

// The first hashes of the headers beside the second hashes of the digests that the last call left behind.
template <bool first_variant>
LODE_INLINE void step(const LaneScan& scan, const Common& c, const Variant& v, Header (&h)[kHeaders],
                      const Pending& pending) {
    State s[kHeaders], t[kHeaders];
    Four first_w[kHeaders][4], w[kHeaders][4];
    for (int i = 0; i < kHeaders; ++i) {
        const Four w0 = vcopyq_laneq_u32(vdupq_n_u32(0), 0, h[i].digest[0], 0);
        s[i] = {vaddq_u32(v.after4.abcd, h[i].nonce), vaddq_u32(v.after4.efgh, h[i].nonce)};
        t[i] = {vaddq_u32(vld1q_u32(kAfterRound0), w0), vaddq_u32(vld1q_u32(kAfterRound0 + 4), w0)};
    }
    const Four both_w16 = second_w16(h);
#pragma GCC unroll 16
    for (int group = 0; group < 15; ++group) {
        const int first_group = group + 1;
        const Four k = load(c.second, group);
        for (int i = 0; i < kHeaders; ++i) {
            const Four w16 = i == 0 ? both_w16 : vextq_u32(both_w16, both_w16, 2);
            const Four words = schedule(h[i].digest, w16, w[i], group);
            rounds(t[i], group == 2 ? k : vaddq_u32(words, k));
            if (first_group < 4) {
                rounds(s[i], load(c.first, first_group));
            } else if constexpr (first_variant) {
                const Four made = schedule(c, h[i], first_w[i], first_group);
                h[i].kw[first_group] = vaddq_u32(made, load(c.first, first_group));
                rounds(s[i], h[i].kw[first_group]);
            } else {
                rounds(s[i], h[i].kw[first_group]);
            }
        }
    }
    uint32_t hits = 0;
    for (int i = 0; i < kHeaders; ++i) {
        h[i].digest[0] = vaddq_u32(s[i].abcd, v.midstate.abcd);
        h[i].digest[1] = vaddq_u32(s[i].efgh, v.midstate.efgh);
        if (__builtin_bswap32(vgetq_lane_u32(t[i].efgh, 0)) <= scan.max_top) hits |= 1u << i;
    }
    if (hits != 0) [[unlikely]]
        found(scan, pending.offset, hits, pending.variant);
}

}  // namespace

void scan_lanes_arm_sha2(const LaneScan& scan) {
    Variant variants[8];
    for (uint32_t v = 0; v < scan.variants; ++v) variants[v] = prepare_variant(scan.variant[v]);
    const Common common = {four(scan.common.w16, scan.common.w17, scan.common.c18, scan.common.c19),
                           four(0, 0, 0x00a00055u, scan.common.c31),  // sigma0(640)
                           somewhere(&kFirst), somewhere(&kSecond)};
    Header h[kHeaders];
    for (Header& header : h) header.digest[0] = header.digest[1] = vdupq_n_u32(0);
    Pending pending = {scan.count, 0};  // nothing yet
    for (uint64_t offset = 0; offset < scan.count + kHeaders;
         offset += kHeaders) {  // once more, for the last ones
        for (uint32_t i = 0; i < kHeaders; ++i) {
            const uint32_t nonce = scan.first + static_cast<uint32_t>(offset) + i;
            begin(h[i], common, __builtin_bswap32(nonce));
        }
        step<true>(scan, common, variants[0], h, pending);
        pending = {offset, 0};
        for (uint32_t v = 1; v < scan.variants; ++v) {
            step<false>(scan, common, variants[v], h, pending);
            pending = {offset, v};
        }
    }
}

}  // namespace lode::kernels
