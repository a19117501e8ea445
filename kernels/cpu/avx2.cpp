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

// The instructions of a round, in words that no compiler understands and in the order written here: it would
// order them anew, run out of registers, and keep waiting the shifts, which only two of four units can do.
LODE_INLINE Vector add(Vector a, Vector b) {
    Vector sum;
    __asm__ volatile("vpaddd %2, %1, %0" : "=x"(sum) : "x"(a), "x"(b));
    return sum;
}

LODE_INLINE Vector add(Vector a, const Vector* b) {
    Vector sum;
    __asm__ volatile("vpaddd %2, %1, %0" : "=x"(sum) : "x"(a), "m"(*b));
    return sum;
}

LODE_INLINE Vector exclusive_or(Vector a, Vector b) {
    Vector different;
    __asm__ volatile("vpxor %2, %1, %0" : "=x"(different) : "x"(a), "x"(b));
    return different;
}

LODE_INLINE Vector exclusive_or(Vector a, const Vector* b) {
    Vector different;
    __asm__ volatile("vpxor %2, %1, %0" : "=x"(different) : "x"(a), "m"(*b));
    return different;
}

LODE_INLINE Vector bit_and(Vector a, Vector b) {
    Vector both;
    __asm__ volatile("vpand %2, %1, %0" : "=x"(both) : "x"(a), "x"(b));
    return both;
}

template <int distance>
LODE_INLINE Vector shift_right(Vector a) {
    Vector shifted;
    __asm__ volatile("vpsrld %2, %1, %0" : "=x"(shifted) : "x"(a), "i"(distance));
    return shifted;
}

template <int distance>
LODE_INLINE Vector shift_left(Vector a) {
    Vector shifted;
    __asm__ volatile("vpslld %2, %1, %0" : "=x"(shifted) : "x"(a), "i"(distance));
    return shifted;
}

LODE_INLINE Vector load(const Vector* from) {
    Vector a;
    __asm__ volatile("vmovdqa %1, %0" : "=x"(a) : "m"(*from));
    return a;
}

struct Rotated {
    Vector by_x, by_y, by_z;
};

// All shifts before anything that waits for them.
template <int x, int y, int z>
LODE_INLINE Rotated rotated(Vector a) {
    const Vector right_x = shift_right<x>(a), left_x = shift_left<32 - x>(a);
    const Vector right_y = shift_right<y>(a), left_y = shift_left<32 - y>(a);
    const Vector right_z = shift_right<z>(a), left_z = shift_left<32 - z>(a);
    const Vector by_x = exclusive_or(right_x, left_x);
    const Vector by_y = exclusive_or(right_y, left_y);
    return {by_x, by_y, exclusive_or(right_z, left_z)};
}

LODE_INLINE Vector joined(const Rotated& a) {
    return exclusive_or(exclusive_or(a.by_x, a.by_y), a.by_z);
}

// a rotated by x, exclusive or a rotated by y, exclusive or a shifted by z
template <int x, int y, int z>
LODE_INLINE Vector small_sigma(Vector a) {
    const Vector right_x = shift_right<x>(a), left_x = shift_left<32 - x>(a);
    const Vector right_y = shift_right<y>(a), left_y = shift_left<32 - y>(a);
    const Vector shifted = shift_right<z>(a);
    const Vector by_x = exclusive_or(right_x, left_x);
    return joined({by_x, exclusive_or(right_y, left_y), shifted});
}

LODE_INLINE Vector small_sigma0(Vector w) {
    return small_sigma<7, 18, 3>(w);
}

LODE_INLINE Vector small_sigma1(Vector w) {
    return small_sigma<17, 19, 10>(w);
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

    // Shifts first, whatever they delay, and what is only needed at the end last: on Zen 4 a round takes 9.0
    // cycles so, 9.6 if each sum is computed where it is needed.
    template <int i>
    LODE_MEMBER void round(Vector hkw) {
        const Rotated e = rotated<6, 11, 25>(e_);
        const Rotated a = rotated<2, 13, 22>(a_);
        const Vector sum1 = joined(e);
        const Vector f_xor_g = exclusive_or(load(past_e(i - 1)), past_e(i - 2));
        const Vector a_xor_b = exclusive_or(a_, past_a(i - 1));
        const Vector chosen = bit_and(f_xor_g, e_);
        const Vector decided = bit_and(a_xor_b, b_xor_c_);
        const Vector choice = exclusive_or(chosen, past_e(i - 2));
        const Vector majority = exclusive_or(decided, past_a(i - 1));
        b_xor_c_ = a_xor_b;
        const Vector t1 = add(add(hkw, choice), sum1);
        const Vector sum0 = joined(a);
        set_e(i + 1, add(t1, past_a(i - 3)));
        set_a(i + 1, add(add(t1, majority), sum0));
    }

    template <int i>
    LODE_MEMBER void round_e(Vector hkw) {
        const Vector sum1 = joined(rotated<6, 11, 25>(e_));
        const Vector f_xor_g = exclusive_or(load(past_e(i - 1)), past_e(i - 2));
        const Vector choice = exclusive_or(bit_and(f_xor_g, e_), past_e(i - 2));
        set_e(i + 1, add(add(add(hkw, choice), sum1), past_a(i - 3)));
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
