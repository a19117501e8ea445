#include <array>

#include "kernels/cpu/kernels.h"

namespace lode::kernels {

std::span<const CpuKernel> cpu_kernels() {
    static const std::array kTable = {CpuKernel{"portable", true, 1, scan_portable}};
    return kTable;
}

}  // namespace lode::kernels
