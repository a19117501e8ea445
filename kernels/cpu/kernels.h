// The CPU's kernels, each in a translation unit of its own with its own instruction-set flags.
#pragma once

#include <cstdint>

#include "kernels/scan.h"

namespace lode::kernels {

void scan_portable(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
// These exist on x86-64 only, and run where crypto::cpu_features() says so.
void scan_sha_ni(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx2(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx512(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);

}  // namespace lode::kernels
