// Which kernels serve a scan of so many variants. No CUDA here: decided from measured times alone.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "lode/scan.h"

namespace lode::backend::cuda {

struct Step {
    std::size_t kernel = 0;  // index into kernels::cuda::scan_kernels()
    unsigned variants = 0;   // that it takes of the scan's
    friend bool operator==(const Step&, const Step&) = default;
};

struct Plan {
    std::vector<Step> steps;  // one launch each; empty: no kernel fits
    double seconds = 0;       // a nonce with all its variants
};

// For n = 1 … kMaxVariants variants; [0] is unused.
using Plans = std::array<Plan, kMaxVariants + 1>;

// seconds[n]: a nonce with n variants by one kernel; 0 where the kernel does not take n.
using KernelTimes = std::array<double, kMaxVariants + 1>;

// The least time for every n, over all ways to cut n into pieces.
[[nodiscard]] Plans make_plans(std::span<const KernelTimes> kernels);

// The number of variants with the most hashes a second.
[[nodiscard]] unsigned fastest_variants(const Plans& plans);

}  // namespace lode::backend::cuda
