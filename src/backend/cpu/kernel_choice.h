// Which CPU kernel to use: the fastest one, measured once on this machine and remembered.
#pragma once

#include <optional>
#include <string>

#include "backend/cpu/kernel_table.h"
#include "backend/registry.h"

namespace lode::backend::cpu {

struct Choice {
    CpuKernel kernel;
    double rate = 0;     // hashes a second of one thread when it was measured
    std::string failed;  // kernels that failed their self-test, comma-separated
};

// Tests every runnable kernel; measures them, a quarter of a second in all, unless the cache knows.
std::optional<Choice> choose_kernel(const BackendOptions& options);

}  // namespace lode::backend::cpu
