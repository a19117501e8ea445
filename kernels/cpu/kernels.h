// The CPU's kernels, each in a translation unit of its own with its own instruction-set flags.
#pragma once

#include <cstdint>

#include "kernels/scan.h"

namespace lode::kernels {

void scan_portable(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
// The others require the features in crypto::cpu_features(). These exist on x86-64 only,
void scan_sha_ni(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_sha_ni_pair(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx2(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx2_pair(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx512(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_avx512_pair(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
// and these on 64-bit Arm.
void scan_neon(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);
void scan_arm_sha2(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result);

}  // namespace lode::kernels
