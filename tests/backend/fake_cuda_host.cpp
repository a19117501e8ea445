// The fake GPU's kernels, compiled for the host. The fourth, four variants at once, is its fastest.
#include <algorithm>

#include "backend/fake_cuda.h"
#include "kernels/cuda/scan_nonce.h"

namespace lode {
namespace kernels::cuda {
namespace {

using HostKernel = void (*)(const Prepared&, std::uint32_t nonce, std::uint32_t variant, Hits*);

template <int Variants, class Fixed>
void scan_on_host(const Prepared& prepared, std::uint32_t nonce, std::uint32_t variant, Hits* hits) {
    scan_nonce<Variants, Fixed>(prepared, nonce, [&](std::uint32_t found, std::uint32_t v) {
        if (hits->total < kMaxHits) hits->hits[hits->total] = {found, variant + v};
        ++hits->total;
    });
}

template <int Variants, bool looped, int block, int nonces>
ScanKernel row() {
    using Form = Fixed<Adds::Fma, kShifts, looped, block, 1, nonces>;
    return {reinterpret_cast<const void*>(&scan_on_host<Variants, Form>), Variants, Form::shape};
}

}  // namespace

std::span<const ScanKernel> scan_kernels() {
    static const ScanKernel kTable[] = {row<1, false, 64, 1>(), row<1, false, 128, 4>(),
                                        row<8, true, 64, 1>(), row<4, false, 32, 1>()};
    return kTable;
}

}  // namespace kernels::cuda

namespace fake_cuda {

double seconds_a_nonce(std::size_t kernel, unsigned variants) {
    constexpr double kHash = 1e-10;
    switch (kernel) {
        case 0:
            return 2 * kHash;
        case 1:
            return 1.5 * kHash;
        case 2:
            return kHash * (0.5 + variants);
        default:
            return kHash * 3;
    }
}

cudaError_t run(const kernels::cuda::ScanKernel& kernel, std::uint32_t blocks, void** arguments) {
    const auto& prepared = *static_cast<const kernels::Prepared*>(arguments[0]);
    const std::uint32_t first = *static_cast<std::uint32_t*>(arguments[1]);
    const std::uint64_t count = std::uint64_t{*static_cast<std::uint32_t*>(arguments[2])} + 1;
    const std::uint32_t variant = *static_cast<std::uint32_t*>(arguments[3]);
    auto* hits = *static_cast<kernels::cuda::Hits**>(arguments[4]);
    const auto function = reinterpret_cast<kernels::cuda::HostKernel>(const_cast<void*>(kernel.function));
    // Threads that no block has would hash nothing.
    const std::uint64_t threads = std::uint64_t{blocks} * nonces_per_block(kernel.shape);
    for (std::uint64_t i = 0; i < std::min(count, threads); ++i)
        function(prepared, static_cast<std::uint32_t>(first + i), variant, hits);
    return cudaSuccess;
}

}  // namespace fake_cuda
}  // namespace lode
