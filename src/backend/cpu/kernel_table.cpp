#include "backend/cpu/kernel_table.h"

#include <array>

#include "crypto/cpu_features.h"

namespace lode::backend {

std::span<const CpuKernel> cpu_kernels() {
#if defined(__x86_64__)
    const auto& cpu = crypto::cpu_features();
    static const std::array kTable = {
        CpuKernel{"portable", true, 1, kernels::scan_portable},
        CpuKernel{"sha-ni", cpu.sha_ni, kMaxVariants, kernels::scan_sha_ni},
        CpuKernel{"sha-ni-pair", cpu.sha_ni, kMaxVariants, kernels::scan_sha_ni_pair},
        CpuKernel{"avx2", cpu.avx2, kMaxVariants, kernels::scan_avx2},
        CpuKernel{"avx2-pair", cpu.avx2, kMaxVariants, kernels::scan_avx2_pair},
        CpuKernel{"avx512", cpu.avx512, kMaxVariants, kernels::scan_avx512},
        CpuKernel{"avx512-pair", cpu.avx512, kMaxVariants, kernels::scan_avx512_pair},
    };
#elif defined(__aarch64__)
    const auto& cpu = crypto::cpu_features();
    static const std::array kTable = {
        CpuKernel{"portable", true, 1, kernels::scan_portable},
        CpuKernel{"neon", cpu.neon, kMaxVariants, kernels::scan_neon},
        CpuKernel{"arm-sha2", cpu.arm_sha2, kMaxVariants, kernels::scan_arm_sha2},
    };
#else
    static const std::array kTable = {CpuKernel{"portable", true, 1, kernels::scan_portable}};
#endif
    return kTable;
}

}  // namespace lode::backend
