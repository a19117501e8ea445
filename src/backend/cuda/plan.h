// Which kernels to launch for a scan with a given number of variants, decided from measured times. No CUDA
// here.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "lode/scan.h"

namespace lode::backend::cuda {

struct Step {
    std::size_t kernel = 0;  // index into kernels::cuda::scan_kernels()
    unsigned variants = 0;   // how many of the scan's it takes
    friend bool operator==(const Step&, const Step&) = default;
};

struct Plan {
    std::vector<Step> steps;  // one launch each; empty: no kernel fits
    double seconds = 0;       // per nonce with all its variants
};

// For n = 1 … kMaxVariants variants; [0] is unused.
using Plans = std::array<Plan, kMaxVariants + 1>;

// seconds[n]: time per nonce with n variants by one kernel; 0 if the kernel does not take n.
using KernelTimes = std::array<double, kMaxVariants + 1>;

// The fastest plan for every n, over all ways to split n.
[[nodiscard]] Plans make_plans(std::span<const KernelTimes> kernels);

// The number of variants with the highest hash rate.
[[nodiscard]] unsigned fastest_variants(const Plans& plans);

}  // namespace lode::backend::cuda
