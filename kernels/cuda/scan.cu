// The nonce scan on NVIDIA GPUs. A thread hashes one nonce (shape.nonces of them) with every midstate; the
// schedule of the header's second half is computed once for all midstates.
#include "kernels/cuda/scan.h"
#include "kernels/cuda/scan_nonce.h"

namespace lode::kernels::cuda {

template <int Variants, Shape shape>
__global__ void __launch_bounds__(shape.block, shape.blocks_per_sm)
    scan(const __grid_constant__ Prepared prepared, std::uint32_t first, std::uint32_t last, Hits* hits) {
    static_assert((shape.nonces & (shape.nonces - 1)) == 0 && (shape.block & (shape.block - 1)) == 0,
                  "blocks divide 2^32 nonces, so that an index never wraps");
    const auto report = [hits](std::uint32_t nonce, std::uint32_t variant) {
        const unsigned long long n = atomicAdd(&hits->total, 1ull);
        if (n < kMaxHits) hits->hits[n] = {nonce, variant};
    };
    std::uint32_t index = blockIdx.x * shape.block * shape.nonces + threadIdx.x;
    LODE_NO_UNROLL
    for (int i = 0; i < shape.nonces; ++i, index += shape.block) {
        if (index > last) return;
        scan_nonce<Variants, shape>(prepared, first + index, report);
    }
}

namespace {

template <int Variants, Shape shape>
ScanKernel row() {
    return {reinterpret_cast<const void*>(&scan<Variants, shape>), Variants, shape};
}

constexpr auto kLooped = true;
constexpr auto kPart = kShifts | kSigma1Near | kSigma0Near;
constexpr auto kMost = kPart | kSigma1Far;

}  // namespace

std::span<const ScanKernel> scan_kernels() {
    static const ScanKernel kTable[] = {
        row<1, Shape{Adds::Fma, kShifts, false, 128, 8}>(),
        row<1, Shape{Adds::Fma, kPart, false, 128, 8}>(),
        row<1, Shape{Adds::Alu, 0, false, 128, 8}>(),
        row<4, Shape{Adds::Fma, kShifts, false, 128, 6}>(),
        row<4, Shape{Adds::Fma, kPart, false, 128, 6}>(),
        row<8, Shape{Adds::Fma, 0, kLooped, 128, 6}>(),
        row<8, Shape{Adds::Fma, kShifts, kLooped, 128, 6}>(),
        row<8, Shape{Adds::Fma, kShifts | kSigma1Near, kLooped, 128, 6}>(),
        row<8, Shape{Adds::Fma, kPart, kLooped, 128, 6}>(),
        row<8, Shape{Adds::Fma, kMost, kLooped, 128, 6}>(),
        row<8, Shape{Adds::Alu, 0, kLooped, 128, 6}>(),
    };
    return kTable;
}

}  // namespace lode::kernels::cuda
