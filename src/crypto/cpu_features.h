// What this CPU and its operating system can run. On x86-64 CPUID reports instruction sets, XGETBV the
// register state that the OS saves; on 64-bit Arm Linux reports both (AT_HWCAP).
#pragma once

#include <string>

namespace lode::crypto {

struct CpuFeatures {
    bool sha_ni = false;  // with SSSE3 and SSE4.1, which the kernels also use
    bool avx2 = false;
    bool avx512 = false;  // F, BW, VL, DQ with all state enabled by the OS
    bool neon = false;
    bool arm_sha2 = false;  // SHA256H etc.
    std::string brand;      // "AMD EPYC 9R14", as CPUID reports it, or "Arm Neoverse N1"; never empty
};

const CpuFeatures& cpu_features();  // read once; thread-safe

}  // namespace lode::crypto
