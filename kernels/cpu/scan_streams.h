// The loop of a vector kernel for cores such as AMD's Zen 5, which start four vector operations a cycle and
// wait two cycles for each:
//   - A round's chain of dependent operations, through e, is longer than its arithmetic. So there are several
//   vectors
//     of nonces, the streams: a round of one, then the same round of the next.
//   - What is executed for a hash must fit into the cache of decoded instructions; beyond it, half of the
//   speed is
//     lost. So rounds are loops, one of them for both hashes, and the second hash computes W[16 ... 31] like
//     any other W, from zeros where the padding is zero: 2.4 % more arithmetic.
//   - W is in memory and an operand of the instructions that need it, which costs nothing.
// scan_lanes.h is the other form: straight-line code, the least arithmetic. Which is faster is measured.
//
// Its translation unit first defines, in an unnamed namespace of lode::kernels:
//   Vector, of kVectorLanes 32-bit words; Constant, a word in memory that is the same in every lane
//   broadcast(word), swap_bytes(vector), at_most(vector, limits) as for scan_lanes.h, count_up()
//   load(pointer) of a Vector or Constant, store(pointer, vector), set(constant, word)
//   add(vector, x), x: a Vector, or a pointer to a Vector or a Constant; add_word(vector, reference to a
//   word) small_sigma0(x), small_sigma1(x), x: a Vector or a pointer to one kStreams; kTurn, the rounds in a
//   turn of a loop, a divisor of 8 State, the registers a to h of a stream, and StateMemory, which all
//   streams share. Rounds count from the last begin() or advance():
//     attach(memory, stream)        first of all
//     begin<i>(a, b, c, d, e, f, g) before round i, whose h is part of its sum
//     h<i>(), e<i>()                before round i
//     round<i>(h + K[i] + W[i]), and round_e<i>(the same), which computes no a
//     advance<n>()                  round n is round 0 from now on; n: kTurn or 8
//     get<j>()                      register j before round 0
#pragma once

#include <stdint.h>

#include "kernels/cpu/lanes.h"
#include "kernels/sha256_constants.h"

namespace lode::kernels {
namespace {

// The words that are the same in every lane: K[0 ... 63], then
enum : unsigned {
    kA1 = 64,  // a and e before round 1 of the second hash, minus W[0]; then b, c, d, f, g
    kE1,
    kB1,
    kC1,
    kD1,
    kF1,
    kG1,
    kHk1,  // h + K of its rounds 1 to 3
    kHk2,
    kHk3,
    kLast,  // K[60] plus H7's initial value
    kW4,    // of the first hash: the padding, the length in bits, and sigma0 of that
    kW15,
    kSigma0W15,
    kConstants
};
constexpr uint32_t kWords[kConstants] = {LODE_SHA256_K,
                                         0xfc08884d,
                                         0x98c7e2a2,
                                         0x6a09e667,
                                         0xbb67ae85,
                                         0x3c6ef372,
                                         0x510e527f,
                                         0x9b05688c,
                                         0x71374491u + 0x1f83d9abu,
                                         0xb5c0fbcfu + 0x9b05688cu,
                                         0xe9b5dba5u + 0x510e527fu,
                                         0x90befffau + 0x5be0cd19u,
                                         0x80000000,
                                         640,
                                         0x00a00055};

template <int n>
struct Int {
    constexpr operator int() const { return n; }
};

// f(first), ..., f(last - 1), each a constant.
template <int first, int last, class F>
LODE_INLINE void unroll(F f) {
    if constexpr (first < last) {
        f(Int<first>{});
        unroll<first + 1, last>(f);
    }
}

template <class F>
LODE_INLINE void each_stream(F f) {
    unroll<0, kStreams>(f);
}

// A pointer of which the compiler knows nothing, so that it keeps it in a register. AVX-512's operands at up
// to 127 vectors from it need one byte for that.
template <class T>
LODE_INLINE T* opaque(T* pointer) {
    __asm__("" : "+r"(pointer));
    return pointer;
}

struct Row {
    Vector of[kStreams];
};

struct Memory {
    Row kw[64];      // K[i] + W[i] of the first hash, from 8 on
    Row padding[8];  // the same of rounds 8 to 15 of the second
    Row w[64];       // W[i] of the second
    Row w3;          // the nonces
    Constant constant[kConstants];
    StateMemory state;
};

// kw[18 ... 63] of a stream: see lode_schedule(). middle: kw[32]
LODE_INLINE void schedule(const lode_common& c, const Constant* k, Vector w3, Row* middle, int stream) {
    Vector w[16];
    const auto keep = [&](int i, Vector word) LODE_MEMBER {
        w[i % 16] = word;
        store(&middle[i - 32].of[stream], add(word, k + i));
    };
    const auto before = [&](int i) LODE_MEMBER { return small_sigma1(w[(i - 2) % 16]); };
    keep(18, add_word(small_sigma0(w3), c.c18));
    keep(19, add_word(w3, c.c19));
    keep(20, add(before(20), k + kW4));
    keep(21, before(21));
    keep(22, add(before(22), k + kW15));
    keep(23, add_word(before(23), c.w16));
    keep(24, add_word(before(24), c.w17));
    unroll<25, 30>([&](auto i) LODE_MEMBER { keep(i, add(before(i), w[(i - 7) % 16])); });
    keep(30, add(add(before(30), w[23 % 16]), k + kSigma0W15));
    keep(31, add_word(add(before(31), w[24 % 16]), c.c31));
    keep(32, add_word(add(before(32), w[25 % 16]), c.c32));
    keep(33, add_word(add(add(before(33), w[26 % 16]), small_sigma0(w[18 % 16])), c.w17));
    unroll<34, 64>([&](auto i) LODE_MEMBER {
        const Vector sum = add(add(w[i % 16], w[(i - 7) % 16]), small_sigma0(w[(i - 15) % 16]));
        keep(i, add(sum, before(i)));
    });
}

// Rounds 4 to 7 of the first hash: see lode_first_hash().
LODE_INLINE void begin_first(const lode_variant& v, const Constant* k, const Row& w3, State* s) {
    each_stream([&](auto i) LODE_MEMBER {
        const Vector w = load(&w3.of[i]);
        s[i].template begin<4>(add_word(w, v.a4), broadcast(v.b4), broadcast(v.c4), broadcast(v.d4),
                               add_word(w, v.e4), broadcast(v.f4), broadcast(v.g4));
    });
    each_stream([&](auto i) LODE_MEMBER { s[i].template round<4>(broadcast(v.hkw4)); });
    each_stream([&](auto i) LODE_MEMBER { s[i].template round<5>(broadcast(v.hkw5)); });
    each_stream([&](auto i) LODE_MEMBER { s[i].template round<6>(broadcast(v.hkw6)); });
    each_stream([&](auto i) LODE_MEMBER { s[i].template round<7>(add(s[i].template h<7>(), k + 7)); });
    each_stream([&](auto i) LODE_MEMBER { s[i].template advance<8>(); });
}

// The first hash's words, and rounds 1 to 7 of the second: see lode_second_hash(). middle: w[32]
LODE_INLINE void begin_second(const lode_variant& v, const Constant* k, Row* middle, State* s) {
    each_stream([&](auto i) LODE_MEMBER {
        unroll<1, 8>([&](auto j) LODE_MEMBER {
            store(&middle[j - 32].of[i], add_word(s[i].template get<j>(), v.mid[j]));
        });
        const Vector w0 = add_word(s[i].template get<0>(), v.mid[0]);
        store(&middle[-32].of[i], w0);
        s[i].template begin<1>(add(w0, k + kA1), load(k + kB1), load(k + kC1), load(k + kD1),
                               add(w0, k + kE1), load(k + kF1), load(k + kG1));
    });
    unroll<1, 4>([&](auto r) LODE_MEMBER {
        each_stream([&](auto i) LODE_MEMBER {
            s[i].template round<r>(add(load(k + kHk1 + r - 1), &middle[r - 32].of[i]));
        });
    });
    unroll<4, 8>([&](auto r) LODE_MEMBER {
        each_stream([&](auto i) LODE_MEMBER {
            s[i].template round<r>(add(add(s[i].template h<r>(), k + r), &middle[r - 32].of[i]));
        });
    });
    each_stream([&](auto i) LODE_MEMBER { s[i].template advance<8>(); });
}

// Computes W[i]; h + K[i] + W[i]. w: W[i]; k: K[i]; r: i, counted as State does
template <int r>
LODE_INLINE Vector next_word(const State& s, Row* w, const Constant* k, int stream) {
    const Vector x = add(small_sigma0(&w[-15].of[stream]), &w[-16].of[stream]);
    const Vector y = add(small_sigma1(&w[-2].of[stream]), &w[-7].of[stream]);
    const Vector hk = add(s.template h<r>(), k);
    const Vector sum = add(x, y);
    store(&w->of[stream], sum);
    return add(hk, sum);
}

// H7 of SHA-256(SHA-256(header)). The empty assembly statements keep compilers from unrolling the loops.
LODE_INLINE void hash(const lode_variant& v, const Constant* k, Memory& memory, Vector* h7) {
    Row* const middle = opaque(memory.w + 32);
    State s[kStreams];
    each_stream([&](auto i) LODE_MEMBER { s[i].attach(memory.state, i); });
    begin_first(v, k, memory.w3, s);
    const Row* const padding_end = memory.padding + 8;
    const Row* end = memory.kw + 64;
    for (const Row* kw = memory.kw + 8;;) {  // rounds 8 to 63 of the first hash, then 8 to 15 of the second
        do {
            __asm__ volatile("");
            unroll<0, kTurn>([&](auto r) LODE_MEMBER {
                each_stream([&](auto i) LODE_MEMBER {
                    s[i].template round<r>(add(s[i].template h<r>(), &kw[r].of[i]));
                });
            });
            each_stream([&](auto i) LODE_MEMBER { s[i].template advance<kTurn>(); });
            kw += kTurn;
        } while (kw != end);
        if (end == padding_end) break;
        begin_second(v, k, middle, s);
        kw = memory.padding;
        end = padding_end;
    }
    Row* w = middle - 16;
    for (k += 16; w != middle + 24; k += kTurn, w += kTurn) {  // rounds 16 to 55
        __asm__ volatile("");
        unroll<0, kTurn>([&](auto r) LODE_MEMBER {
            each_stream([&](auto i)
                            LODE_MEMBER { s[i].template round<r>(next_word<r>(s[i], w + r, k + r, i)); });
        });
        each_stream([&](auto i) LODE_MEMBER { s[i].template advance<kTurn>(); });
    }
    each_stream([&](auto i) LODE_MEMBER { s[i].template round<0>(next_word<0>(s[i], w, k, i)); });
    unroll<1, 4>([&](auto r) LODE_MEMBER {
        each_stream([&](auto i)
                        LODE_MEMBER { s[i].template round_e<r>(next_word<r>(s[i], w + r, k + r, i)); });
    });
    each_stream([&](auto i) LODE_MEMBER {
        s[i].template round_e<4>(next_word<4>(s[i], w + 4, k - 56 + kLast, i));
        h7[i] = s[i].template e<5>();
    });
}

// What is the same for every nonce.
LODE_INLINE void fill(const lode_common& common, Memory& memory) {
    const auto all = [](Row& row, uint32_t word) LODE_MEMBER {
        for (auto& vector : row.of) vector = broadcast(word);
    };
    for (unsigned i = 8; i < 16; ++i) {
        const uint32_t w = i == 8 ? 0x80000000 : i == 15 ? 256 : 0;
        all(memory.w[i], w);
        all(memory.padding[i - 8], kWords[i] + w);
        all(memory.kw[i], i == 15 ? kWords[i] + 640 : kWords[i]);
    }
    all(memory.kw[16], common.kw16);
    all(memory.kw[17], common.kw17);
    for (unsigned i = 0; i < kConstants; ++i) set(memory.constant[i], kWords[i]);
}

LODE_INLINE void scan_streams(const LaneScan& scan) {
    Memory memory;
    fill(scan.common, memory);
    const Constant* const k = opaque(memory.constant);
    Row* const middle = opaque(memory.kw + 32);
    const Vector limits = broadcast(scan.max_top);
    for (uint64_t offset = 0; offset < scan.count; offset += kStreams * kVectorLanes) {
        for (uint32_t i = 0; i < kStreams; ++i) {
            __asm__ volatile("");
            const uint32_t first = scan.first + static_cast<uint32_t>(offset) + i * kVectorLanes;
            const Vector w3 = swap_bytes(add(broadcast(first), count_up()));
            store(&memory.w3.of[i], w3);
            schedule(scan.common, k, w3, middle, static_cast<int>(i));
        }
        for (uint32_t v = 0; v < scan.variants; ++v) {
            Vector h7[kStreams];
            hash(*opaque(&scan.variant[v]), k, memory, h7);
            each_stream([&](auto i) LODE_MEMBER {
                const uint32_t lanes = at_most(swap_bytes(h7[i]), limits);
                if (lanes != 0) [[unlikely]]
                    found(scan, offset + static_cast<uint32_t>(i) * kVectorLanes, lanes, v);
            });
        }
    }
}

}  // namespace
}  // namespace lode::kernels
