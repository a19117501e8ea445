// Compiled with -mavx512f -mavx512bw -mavx512vl -mavx512dq.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

using Vector = __m512i;
using Constant = uint32_t;  // an instruction repeats it
constexpr uint32_t kVectorLanes = 16;
constexpr int kStreams = 3;  // of four, a to h fill the registers
constexpr int kTurn = 8;     // a to h are back in their places

// The instructions of a round, in words that no compiler understands: it would order them anew, and run out
// of registers.
LODE_INLINE Vector add(Vector a, Vector b) {
    Vector sum;
    __asm__("vpaddd %2, %1, %0" : "=v"(sum) : "v"(a), "v"(b));
    return sum;
}

LODE_INLINE Vector add(Vector a, const Vector* b) {
    Vector sum;
    __asm__("vpaddd %2, %1, %0" : "=v"(sum) : "v"(a), "m"(*b));
    return sum;
}

LODE_INLINE Vector add(Vector a, const Constant* b) {
    Vector sum;
    __asm__("vpaddd %2%{1to16%}, %1, %0" : "=v"(sum) : "v"(a), "m"(*b));
    return sum;
}

template <int distance>
LODE_INLINE Vector rotate_right(Vector a) {
    Vector rotated;
    __asm__("vprord %2, %1, %0" : "=v"(rotated) : "v"(a), "i"(distance));
    return rotated;
}

template <int distance>
LODE_INLINE Vector rotate_right(const Vector* a) {
    Vector rotated;
    __asm__("vprord %2, %1, %0" : "=v"(rotated) : "m"(*a), "i"(distance));
    return rotated;
}

template <int distance>
LODE_INLINE Vector shift_right(Vector a) {
    Vector shifted;
    __asm__("vpsrld %2, %1, %0" : "=v"(shifted) : "v"(a), "i"(distance));
    return shifted;
}

template <int distance>
LODE_INLINE Vector shift_right(const Vector* a) {
    Vector shifted;
    __asm__("vpsrld %2, %1, %0" : "=v"(shifted) : "m"(*a), "i"(distance));
    return shifted;
}

// Any function of three bits is one instruction: bit 4 a + 2 b + c of its table is the value.
template <int table>
LODE_INLINE Vector logic(Vector a, Vector b, Vector c) {
    __asm__("vpternlogd %3, %2, %1, %0" : "+v"(a) : "v"(b), "v"(c), "i"(table));
    return a;
}

LODE_INLINE Vector exclusive_or(Vector a, Vector b, Vector c) {
    return logic<0x96>(a, b, c);
}

LODE_INLINE Vector choose(Vector e, Vector f, Vector g) {
    return logic<0xca>(e, f, g);
}

LODE_INLINE Vector majority(Vector a, Vector b, Vector c) {
    return logic<0xe8>(a, b, c);
}

template <class Source>
LODE_INLINE Vector small_sigma0(Source w) {
    const Vector w7 = rotate_right<7>(w), w18 = rotate_right<18>(w), w3 = shift_right<3>(w);
    return exclusive_or(w7, w18, w3);
}

template <class Source>
LODE_INLINE Vector small_sigma1(Source w) {
    const Vector w17 = rotate_right<17>(w), w19 = rotate_right<19>(w), w10 = shift_right<10>(w);
    return exclusive_or(w17, w19, w10);
}

LODE_INLINE Vector broadcast(uint32_t word) {
    return _mm512_set1_epi32(static_cast<int>(word));
}

LODE_INLINE Vector load(const Vector* from) {
    return *from;
}

LODE_INLINE Vector load(const Constant* from) {
    return broadcast(*from);
}

LODE_INLINE void store(Vector* to, Vector a) {
    *to = a;
}

LODE_INLINE void set(Constant& constant, uint32_t word) {
    constant = word;
}

LODE_INLINE Vector add_word(Vector a, const uint32_t& word) {
    return add(a, &word);
}

LODE_INLINE Vector count_up() {
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

LODE_INLINE Vector swap_bytes(Vector a) {
    return _mm512_shuffle_epi8(a, _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203));
}

LODE_INLINE uint32_t at_most(Vector a, Vector limits) {
    return static_cast<uint32_t>(_mm512_cmple_epu32_mask(a, limits));
}

struct StateMemory {};

// Indices rotate, the words are not moved. All of them stay in registers.
class State {
 public:
    LODE_MEMBER void attach(StateMemory&, int) {}

    template <int i>
    LODE_MEMBER void begin(Vector a, Vector b, Vector c, Vector d, Vector e, Vector f, Vector g) {
        at(64 - i) = a;
        at(65 - i) = b;
        at(66 - i) = c;
        at(67 - i) = d;
        at(68 - i) = e;
        at(69 - i) = f;
        at(70 - i) = g;
    }

    template <int i>
    LODE_MEMBER Vector h() const {
        return s_[(71 - i) % 8];
    }

    template <int i>
    LODE_MEMBER Vector e() const {
        return s_[(68 - i) % 8];
    }

    template <int j>
    LODE_MEMBER Vector get() const {
        return s_[j];
    }

    // Of some two hundred random orders, the fastest.
    template <int i>
    LODE_MEMBER void round(Vector hkw) {
        const Vector a = at(64 - i), b = at(65 - i), c = at(66 - i);
        const Vector e = at(68 - i), f = at(69 - i), g = at(70 - i);
        const Vector e25 = rotate_right<25>(e), a22 = rotate_right<22>(a), e11 = rotate_right<11>(e);
        const Vector choice = choose(e, f, g);
        const Vector sum1 = exclusive_or(rotate_right<6>(e), e11, e25);
        const Vector major = majority(a, b, c);
        const Vector t1 = add(add(hkw, choice), sum1);
        at(67 - i) = add(at(67 - i), t1);
        const Vector a13 = rotate_right<13>(a);
        const Vector sum0 = exclusive_or(rotate_right<2>(a), a13, a22);
        at(71 - i) = add(t1, add(sum0, major));
    }

    template <int i>
    LODE_MEMBER void round_e(Vector hkw) {
        const Vector e = at(68 - i), f = at(69 - i), g = at(70 - i);
        const Vector e25 = rotate_right<25>(e), e11 = rotate_right<11>(e);
        const Vector choice = choose(e, f, g);
        const Vector sum1 = exclusive_or(rotate_right<6>(e), e11, e25);
        at(67 - i) = add(at(67 - i), add(add(hkw, choice), sum1));
    }

    template <int n>
    LODE_MEMBER void advance() {
        static_assert(n % 8 == 0);
    }

 private:
    LODE_MEMBER Vector& at(int index) { return s_[index % 8]; }

    Vector s_[8];
};

}  // namespace
}  // namespace lode::kernels

#include "kernels/cpu/scan_streams.h"

namespace lode::kernels {

void scan_lanes_avx512(const LaneScan& scan) {
    scan_streams(scan);
}

}  // namespace lode::kernels
