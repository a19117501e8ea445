// The CPU's kernels by name, and which of them run here.
#pragma once

#include <span>

#include "kernels/cpu/kernels.h"

namespace lode::backend {

struct CpuKernel {
    const char* name;   // as in the device name cpu:NAME
    bool runnable;      // on this CPU under this operating system
    unsigned variants;  // midstates at which it is fastest
    kernels::ScanFunction scan;
};

// Every kernel compiled in, the portable one first, each marked runnable or not.
std::span<const CpuKernel> cpu_kernels();

}  // namespace lode::backend
