#include "kernels/cpu/lanes.h"

#include <bit>

#include "kernels/cpu/kernels.h"
#include "kernels/prepare.h"

namespace lode::kernels {
namespace {

void scan_with(void (*lanes)(const LaneScan&), const ScanInput& input, std::uint32_t first,
               std::uint64_t count, ScanResult& result) {
    const Prepared prepared = prepare(input);
    const auto& tail = input.tail;
    lanes({prepared.common,
           prepared.variant,
           input.variants,
           {tail[0], tail[1], tail[2]},
           input.max_top,
           first,
           count,
           &result});
}

}  // namespace

void found(const LaneScan& scan, uint64_t offset, uint32_t lanes, uint32_t variant) {
    auto& result = *static_cast<ScanResult*>(scan.result);
    for (; lanes != 0; lanes &= lanes - 1) {
        const std::uint64_t at = offset + static_cast<unsigned>(std::countr_zero(lanes));
        if (at < scan.count) result.add(scan.first + static_cast<std::uint32_t>(at), variant);
    }
}

#if defined(__x86_64__)

void scan_sha_ni(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_sha_ni, input, first, count, result);
}

void scan_sha_ni_pair(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_sha_ni_pair, input, first, count, result);
}

void scan_avx2(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_avx2, input, first, count, result);
}

void scan_avx2_pair(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_avx2_pair, input, first, count, result);
}

void scan_avx512(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_avx512, input, first, count, result);
}

void scan_avx512_pair(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_avx512_pair, input, first, count, result);
}

#elif defined(__aarch64__)

void scan_neon(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_neon, input, first, count, result);
}

void scan_arm_sha2(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    scan_with(scan_lanes_arm_sha2, input, first, count, result);
}

#endif

}  // namespace lode::kernels
