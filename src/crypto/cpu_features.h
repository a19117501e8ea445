// What this CPU and its operating system can run: CPUID says what exists, XGETBV what is saved on a task
// switch.
#pragma once

#include <string>

namespace lode::crypto {

struct CpuFeatures {
    bool sha_ni = false;  // with SSSE3 and SSE4.1, which the kernels use beside it
    bool avx2 = false;
    bool avx512 = false;  // F, BW, VL, DQ with all state enabled by the OS
    std::string brand;    // "AMD EPYC 9R14", as CPUID spells it; never empty
};

const CpuFeatures& cpu_features();  // read once; thread-safe

}  // namespace lode::crypto
