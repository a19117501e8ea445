// The CUDA kernels for the host: a table, and their launch parameters.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/cuda/shape.h"
#include "kernels/prepare.h"

namespace lode::kernels::cuda {

// In device memory, zeroed before a scan; the same bytes as ScanResult.
struct Hits {
    unsigned long long total;
    Hit hits[kMaxHits];
};
static_assert(sizeof(Hits) == sizeof(ScanResult));

// A kernel takes (Prepared, std::uint32_t first, std::uint32_t last, std::uint32_t variant, Hits*): nonces
// first to first + last, and the number to report for variant 0. A block scans nonces_per_block(shape)
// nonces, the last block possibly fewer.
struct ScanKernel {
    const void* function;  // for cudaLaunchKernel and cudaFuncGetAttributes
    unsigned variants;     // that it scans: exactly, or at most if it is looped
    Shape shape;
};

constexpr std::uint32_t nonces_per_block(const Shape& shape) {
    return static_cast<std::uint32_t>(shape.block) * static_cast<std::uint32_t>(shape.nonces);
}

// Every kernel compiled in. Which is fastest depends on the chip and is found by measuring.
std::span<const ScanKernel> scan_kernels();

}  // namespace lode::kernels::cuda
