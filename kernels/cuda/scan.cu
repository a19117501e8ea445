// The nonce scan on NVIDIA GPUs. A thread hashes one nonce (shape.nonces of them) with every midstate; the
// schedule of the header's second half is computed once for all midstates.
#include "kernels/cuda/scan.h"
#include "kernels/cuda/scan_nonce.h"

namespace lode::kernels::cuda {

template <int Variants, class Fixed>
__global__ void __launch_bounds__(Fixed::shape.block, Fixed::shape.blocks_per_sm)
    scan(const __grid_constant__ Prepared prepared, std::uint32_t first, std::uint32_t last,
         std::uint32_t variant, Hits* hits) {
    constexpr Shape shape = Fixed::shape;
    static_assert((shape.nonces & (shape.nonces - 1)) == 0 && (shape.block & (shape.block - 1)) == 0,
                  "blocks divide 2^32 nonces, so that an index never wraps");
    const auto report = [=](std::uint32_t nonce, std::uint32_t v) {
        const unsigned long long n = atomicAdd(&hits->total, 1ull);
        if (n < kMaxHits) hits->hits[n] = {nonce, variant + v};
    };
    std::uint32_t index = blockIdx.x * shape.block * shape.nonces + threadIdx.x;
    LODE_NO_UNROLL
    for (int i = 0; i < shape.nonces; ++i, index += shape.block) {
        if (index > last) return;
        scan_nonce<Variants, Fixed>(prepared, first + index, report);
    }
}

namespace {

template <int Variants, class Fixed>
ScanKernel row() {
    return {reinterpret_cast<const void*>(&scan<Variants, Fixed>), Variants, Fixed::shape};
}

constexpr std::uint32_t kPart = kShifts | kSigma1Near | kSigma0Near;
constexpr std::uint32_t kMost = kPart | kSigma1Far;
template <Adds adds, std::uint32_t multiplied>
using Straight = Fixed<adds, multiplied, false, 128, 6>;
template <Adds adds, std::uint32_t multiplied>
using Looped = Fixed<adds, multiplied, true, 128, 6>;

}  // namespace

std::span<const ScanKernel> scan_kernels() {
    static const ScanKernel kTable[] = {
        row<1, Straight<Adds::Fma, kShifts>>(),
        row<1, Straight<Adds::Fma, kPart>>(),
        row<1, Straight<Adds::Alu, 0>>(),
        row<4, Straight<Adds::Fma, kShifts>>(),
        row<4, Straight<Adds::Fma, kPart>>(),
        row<4, Straight<Adds::Fma, kMost>>(),
        row<8, Looped<Adds::Fma, 0>>(),
        row<8, Looped<Adds::Fma, kShifts>>(),
        row<8, Looped<Adds::Fma, kShifts | kSigma1Near>>(),
        row<8, Looped<Adds::Fma, kPart>>(),
        row<8, Looped<Adds::Fma, kMost>>(),
        row<8, Looped<Adds::Alu, 0>>(),
#ifdef LODE_CUDA_SHAPES  // one thing varied at a time, for scripts/gpu_check
        row<1, Straight<Adds::Fma, 0>>(),
        row<1, Straight<Adds::Pairs, 0>>(),
        row<1, Fixed<Adds::Fma, kShifts, false, 128, 8, 8>>(),
        row<2, Straight<Adds::Fma, kShifts>>(),
        row<4, Straight<Adds::Alu, 0>>(),
        row<4, Straight<Adds::Pairs, 0>>(),
        row<4, Straight<Adds::Fma, 0>>(),
        row<4, Straight<Adds::Fma, kShifts | 1u << 2>>(),
        row<4, Fixed<Adds::Fma, kShifts, false, 64, 12>>(),
        row<4, Fixed<Adds::Fma, kShifts, false, 256, 2>>(),
        row<4, Fixed<Adds::Fma, kShifts, false, 256, 3>>(),
        row<4, Fixed<Adds::Fma, kShifts, false, 512, 1>>(),
        row<4, Fixed<Adds::Fma, kShifts, false, 128, 5, 8>>(),
        row<8, Straight<Adds::Fma, kShifts>>(),
        row<8, Looped<Adds::Pairs, kShifts>>(),
        row<8, Looped<Adds::Fma, kShifts | 1u << 2>>(),
        row<8, Looped<Adds::Fma, kShifts | 1u << 2 | 1u << 6>>(),
        row<8, Fixed<Adds::Fma, kShifts, true, 64, 12>>(),
        row<8, Fixed<Adds::Fma, kShifts, true, 128, 4>>(),
        row<8, Fixed<Adds::Fma, kShifts, true, 256, 2>>(),
        row<8, Fixed<Adds::Fma, kShifts, true, 256, 3>>(),
        row<8, Fixed<Adds::Fma, kShifts, true, 512, 1>>(),
#endif
    };
    return kTable;
}

}  // namespace lode::kernels::cuda
