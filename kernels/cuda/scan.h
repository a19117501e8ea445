// The CUDA kernels as the host sees them: a table, and what they are launched with.
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

// A kernel takes (Prepared, std::uint32_t first, std::uint32_t last, Hits*): nonces first to first + last. It
// covers shape.block * shape.nonces nonces a block, the last block perhaps fewer.
struct ScanKernel {
    const void* function;  // for cudaLaunchKernel and cudaFuncGetAttributes
    unsigned variants;     // that it takes: exactly, or at most if it is looped
    Shape shape;
};

// Every kernel compiled in. Which is fastest depends on the chip and is found by measuring.
std::span<const ScanKernel> scan_kernels();

}  // namespace lode::kernels::cuda
