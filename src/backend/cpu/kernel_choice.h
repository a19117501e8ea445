// Which CPU kernel to use: the fastest one, measured once on this machine and cached.
#pragma once

#include <optional>
#include <string>

#include "backend/cpu/kernel_table.h"
#include "backend/registry.h"

namespace lode::backend::cpu {

struct Choice {
    CpuKernel kernel;
    double rate = 0;     // hashes per second of one thread when measured
    std::string failed;  // kernels that failed their self-test, comma-separated
};

// Tests every runnable kernel and measures them (0.4 s of CPU time in all), unless the result is cached.
std::optional<Choice> choose_kernel(const BackendOptions& options);

}  // namespace lode::backend::cpu
