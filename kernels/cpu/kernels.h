// The CPU's kernels, each in a translation unit of its own with its own instruction-set flags.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/scan.h"

namespace lode::kernels {

void scan_portable(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
// These exist on x86-64 only, and run where crypto::cpu_features() says so.
void scan_sha_ni(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx2(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx512(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);

struct CpuKernel {
    const char* name;   // as in -d cpu:NAME
    bool runnable;      // on this CPU under this operating system
    unsigned variants;  // midstates at which it is fastest
    ScanFunction scan;
};

// Every kernel compiled in, the portable one first, each marked runnable or not.
std::span<const CpuKernel> cpu_kernels();

}  // namespace lode::kernels
