#include <array>

#include "crypto/cpu_features.h"
#include "kernels/cpu/kernels.h"

namespace lode::kernels {

std::span<const CpuKernel> cpu_kernels() {
#if defined(__x86_64__)
    const auto& cpu = crypto::cpu_features();
    static const std::array kTable = {
        CpuKernel{"portable", true, 1, scan_portable},
        CpuKernel{"sha-ni", cpu.sha_ni, kMaxVariants, scan_sha_ni},
        CpuKernel{"avx2", cpu.avx2, kMaxVariants, scan_avx2},
        CpuKernel{"avx512", cpu.avx512, kMaxVariants, scan_avx512},
    };
#else
    static const std::array kTable = {CpuKernel{"portable", true, 1, scan_portable}};
#endif
    return kTable;
}

}  // namespace lode::kernels
