// The word operations of the rounds as machine instructions, by the kernel's shape. Also compiled as plain
// C++ with the same multiplications, to be tested without a GPU.
#pragma once

#include <cstdint>

#include "kernels/cuda/shape.h"

#ifdef __CUDACC__
#define LODE_DEVICE __device__ __forceinline__
#define LODE_NO_UNROLL _Pragma("unroll 1")
#else
#define LODE_DEVICE inline
#define LODE_NO_UNROLL
#endif

namespace lode::kernels::cuda {

// Powers of two that the assembler must not know, or it would turn the multiplications back into additions
// and shifts. The host could write them, but never does: they are in the constant bank, which an IMAD reads
// at no cost.
#ifdef __CUDACC__
#define LODE_POWER_STORAGE static __constant__
#else
#define LODE_POWER_STORAGE static constexpr
#endif
// clang-format off
LODE_POWER_STORAGE std::uint32_t kPower[32] = {
    1u << 0,  1u << 1,  1u << 2,  1u << 3,  1u << 4,  1u << 5,  1u << 6,  1u << 7,
    1u << 8,  1u << 9,  1u << 10, 1u << 11, 1u << 12, 1u << 13, 1u << 14, 1u << 15,
    1u << 16, 1u << 17, 1u << 18, 1u << 19, 1u << 20, 1u << 21, 1u << 22, 1u << 23,
    1u << 24, 1u << 25, 1u << 26, 1u << 27, 1u << 28, 1u << 29, 1u << 30, 1u << 31};
// clang-format on

// A separate 1 for sums with an immediate or a uniform register. An instruction can encode only one such
// operand: the assembler would keep a shared 1 in a general register for every sum, and then a sum reads
// three of those, more than the register file delivers at full rate.
LODE_POWER_STORAGE std::uint32_t kOne[1] = {1};

// The low half of x * y + z, and the high half of x * y. (IMAD.HI could add too, but to a pair of registers.)
LODE_DEVICE std::uint32_t multiply_add(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
#ifdef __CUDACC__
    std::uint32_t r;
    asm("mad.lo.u32 %0, %1, %2, %3;" : "=r"(r) : "r"(x), "r"(y), "r"(z));
    return r;
#else
    return x * y + z;
#endif
}
LODE_DEVICE std::uint32_t multiply_high(std::uint32_t x, std::uint32_t y) {
#ifdef __CUDACC__
    return __umulhi(x, y);
#else
    return static_cast<std::uint32_t>(std::uint64_t{x} * y >> 32);
#endif
}

template <class Fixed>
struct Arithmetic {
    using Word = std::uint32_t;
    static constexpr Shape shape = Fixed::shape;

    static LODE_DEVICE Word add(Word x, Word y) {
        return shape.adds == Adds::Alu ? x + y : multiply_add(x, kPower[0], y);
    }
    static LODE_DEVICE Word add3(Word x, Word y, Word z) {
        return shape.adds == Adds::Fma ? add(add(x, y), z) : x + y + z;
    }
    // u: a constant, or the same for every thread.
    static LODE_DEVICE Word add_uniform(Word x, Word u) {
        return shape.adds == Adds::Fma ? multiply_add(x, kOne[0], u) : x + u;
    }
    // The halves of the product are x >> n and x << (32 - n), without a common bit.
    template <int n>
    static LODE_DEVICE Word rotate(Word x) {
        if constexpr ((shape.multiplied >> n & 1) != 0)
            return multiply_add(x, kPower[32 - n], multiply_high(x, kPower[32 - n]));
        else
            return x >> n | x << (32 - n);
    }
    template <int n>
    static LODE_DEVICE Word shift(Word x) {
        if constexpr ((shape.multiplied >> n & 1) != 0)
            return multiply_high(x, kPower[32 - n]);
        else
            return x >> n;
    }
};

}  // namespace lode::kernels::cuda
