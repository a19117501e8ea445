// The shape of a scan kernel: what compilation and launch can vary without changing results.
#pragma once

#include <cstdint>

namespace lode::kernels::cuda {

// Which pipe adds. The ALU pipe also does shifts, rotations and logic and is the bottleneck; the FMA pipe is
// idle except for multiplications, and IMAD with a factor of 1 is an addition.
enum class Adds {
    Alu,    // as the compiler chooses: sums of three on the ALU pipe (IADD3)
    Pairs,  // sums of two on the FMA pipe, sums of three on the ALU pipe
    Fma,    // all on the FMA pipe
};

struct Shape {
    Adds adds = Adds::Fma;
    // Bit n: the rotation or shift by n is done on the FMA pipe, as a multiplication by 2^(32-n) whose high
    // half is the shifted word. In SHA-256 each distance has one place: 2, 13, 22 in the big sigma of a, 6,
    // 11, 25 in that of e, 7, 18 and shift 3 in the schedule's sigma0, 17, 19 and shift 10 in its sigma1.
    std::uint32_t multiplied = 0;
    bool looped = false;    // one copy of the hash's code for all variants, instead of straight-line code
    int block = 128;        // threads per block
    int blocks_per_sm = 6;  // minimum that must fit: bounds the registers per thread
    int nonces = 1;         // per thread, sequentially; a power of two
};

// A shape as a type, since nvcc 13 cannot name a kernel whose template argument is a value of class type.
template <Adds adds, std::uint32_t multiplied, bool looped, int block, int blocks_per_sm, int nonces = 1>
struct Fixed {
    static constexpr Shape shape{adds, multiplied, looped, block, blocks_per_sm, nonces};
};

// The two plain shifts of the schedule: a multiplication each, where a rotation needs two.
inline constexpr std::uint32_t kShifts = 1u << 3 | 1u << 10;
inline constexpr std::uint32_t kSigma0Near = 1u << 7, kSigma1Near = 1u << 17, kSigma1Far = 1u << 19;

}  // namespace lode::kernels::cuda
