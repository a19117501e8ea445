// Compiled with -mavx2.
#include <immintrin.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

using Vector = __m256i;
using Constant = Vector;
constexpr uint32_t kVectorLanes = 8;
constexpr int kStreams = 2;
constexpr int kTurn = 2;

// The instructions of a round, in words that no compiler understands: it would order them anew, and run out
// of registers.
LODE_INLINE Vector add(Vector a, Vector b) {
    Vector sum;
    __asm__("vpaddd %2, %1, %0" : "=x"(sum) : "x"(a), "x"(b));
    return sum;
}

LODE_INLINE Vector add(Vector a, const Vector* b) {
    Vector sum;
    __asm__("vpaddd %2, %1, %0" : "=x"(sum) : "x"(a), "m"(*b));
    return sum;
}

LODE_INLINE Vector exclusive_or(Vector a, Vector b) {
    Vector different;
    __asm__("vpxor %2, %1, %0" : "=x"(different) : "x"(a), "x"(b));
    return different;
}

LODE_INLINE Vector exclusive_or(Vector a, const Vector* b) {
    Vector different;
    __asm__("vpxor %2, %1, %0" : "=x"(different) : "x"(a), "m"(*b));
    return different;
}

LODE_INLINE Vector bit_and(Vector a, Vector b) {
    Vector both;
    __asm__("vpand %2, %1, %0" : "=x"(both) : "x"(a), "x"(b));
    return both;
}

template <int distance>
LODE_INLINE Vector shift_right(Vector a) {
    Vector shifted;
    __asm__("vpsrld %2, %1, %0" : "=x"(shifted) : "x"(a), "i"(distance));
    return shifted;
}

template <int distance>
LODE_INLINE Vector shift_left(Vector a) {
    Vector shifted;
    __asm__("vpslld %2, %1, %0" : "=x"(shifted) : "x"(a), "i"(distance));
    return shifted;
}

LODE_INLINE Vector load(const Vector* from) {
    Vector a;
    __asm__("vmovdqa %1, %0" : "=x"(a) : "m"(*from));
    return a;
}

// a rotated by x, exclusive or a rotated by y; then the next.
template <int x, int y>
LODE_INLINE Vector rotations(Vector a) {
    const Vector right = shift_right<x>(a), left = shift_left<32 - x>(a);
    const Vector right2 = shift_right<y>(a), left2 = shift_left<32 - y>(a);
    return exclusive_or(exclusive_or(right, left), exclusive_or(right2, left2));
}

template <int x, int y, int z>
LODE_INLINE Vector rotations(Vector a) {
    const Vector two = rotations<x, y>(a);
    const Vector right = shift_right<z>(a), left = shift_left<32 - z>(a);
    return exclusive_or(two, exclusive_or(right, left));
}

LODE_INLINE Vector small_sigma0(Vector w) {
    return exclusive_or(rotations<7, 18>(w), shift_right<3>(w));
}

LODE_INLINE Vector small_sigma1(Vector w) {
    return exclusive_or(rotations<17, 19>(w), shift_right<10>(w));
}

LODE_INLINE Vector small_sigma0(const Vector* w) {
    return small_sigma0(load(w));
}

LODE_INLINE Vector small_sigma1(const Vector* w) {
    return small_sigma1(load(w));
}

LODE_INLINE Vector broadcast(uint32_t word) {
    return _mm256_set1_epi32(static_cast<int>(word));
}

LODE_INLINE void store(Vector* to, Vector a) {
    *to = a;
}

LODE_INLINE void set(Constant& constant, uint32_t word) {
    constant = broadcast(word);
}

LODE_INLINE Vector add_word(Vector a, const uint32_t& word) {
    return add(a, broadcast(word));
}

LODE_INLINE Vector count_up() {
    return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
}

LODE_INLINE Vector swap_bytes(Vector a) {
    return _mm256_shuffle_epi8(a, _mm256_set_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203, 0x0c0d0e0f,
                                                   0x08090a0b, 0x04050607, 0x00010203));
}

LODE_INLINE uint32_t at_most(Vector a, Vector limits) {
    const Vector hit = _mm256_cmpeq_epi32(_mm256_min_epu32(a, limits), a);
    return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(hit)));
}

// a and e before every round, from three rounds before the first one on: b, c, d and f, g, h are those of the
// three rounds before. Nothing moves, so a loop may have any number of rounds.
struct StateMemory {
    struct {
        Vector a[kStreams], e[kStreams];
    } before[3 + 65];
};

// In registers: a and e, which the chain of dependent operations goes through, and b ^ c. Two streams with
// all of a to h would need 16 registers, all that there are.
class State {
 public:
    LODE_MEMBER void attach(StateMemory& memory, int stream) { first_ = &memory.before[3].a[stream]; }

    template <int i>
    LODE_MEMBER void begin(Vector a, Vector b, Vector c, Vector d, Vector e, Vector f, Vector g) {
        next_ = first_;
        set_a(i, a);
        store(past_a(i - 1), b);
        store(past_a(i - 2), c);
        store(past_a(i - 3), d);
        set_e(i, e);
        store(past_e(i - 1), f);
        store(past_e(i - 2), g);
        b_xor_c_ = exclusive_or(b, c);
    }

    template <int i>
    LODE_MEMBER Vector h() const {
        return load(past_e(i - 3));
    }

    template <int i>
    LODE_MEMBER Vector e() const {
        return e_;
    }

    template <int j>
    LODE_MEMBER Vector get() const {
        return load(j < 4 ? past_a(-j) : past_e(4 - j));
    }

    template <int i>
    LODE_MEMBER void round(Vector hkw) {
        const Vector t1 = round_to_t1<i>(hkw);
        const Vector a_xor_b = exclusive_or(a_, past_a(i - 1));
        const Vector majority = exclusive_or(bit_and(a_xor_b, b_xor_c_), past_a(i - 1));
        b_xor_c_ = a_xor_b;
        const Vector sum0 = rotations<2, 13, 22>(a_);
        set_a(i + 1, add(add(t1, majority), sum0));
    }

    template <int i>
    LODE_MEMBER void round_e(Vector hkw) {
        round_to_t1<i>(hkw);
    }

    template <int n>
    LODE_MEMBER void advance() {
        next_ += n * kRow;
    }

 private:
    static constexpr int kRow = sizeof(StateMemory::before[0]) / sizeof(Vector);

    LODE_MEMBER Vector* past_a(int i) const { return next_ + i * kRow; }
    LODE_MEMBER Vector* past_e(int i) const { return past_a(i) + kStreams; }

    LODE_MEMBER void set_a(int i, Vector a) {
        a_ = a;
        store(past_a(i), a);
    }

    LODE_MEMBER void set_e(int i, Vector e) {
        e_ = e;
        store(past_e(i), e);
    }

    template <int i>
    LODE_MEMBER Vector round_to_t1(Vector hkw) {
        const Vector f_xor_g = exclusive_or(load(past_e(i - 1)), past_e(i - 2));
        const Vector choice = exclusive_or(bit_and(f_xor_g, e_), past_e(i - 2));
        const Vector sum1 = rotations<6, 11, 25>(e_);
        const Vector t1 = add(add(hkw, choice), sum1);
        set_e(i + 1, add(t1, past_a(i - 3)));
        return t1;
    }

    Vector* first_;
    Vector* next_;  // a before round 0
    Vector a_, e_, b_xor_c_;
};

}  // namespace
}  // namespace lode::kernels

#include "kernels/cpu/scan_streams.h"

namespace lode::kernels {

void scan_lanes_avx2(const LaneScan& scan) {
    scan_streams(scan);
}

}  // namespace lode::kernels
