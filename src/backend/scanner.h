// A scan as a function call: a common interface to kernels and devices, for tests of either.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "kernels/scan.h"
#include "lode/device.h"

namespace lode::backend {

using Scanner =
    std::function<Result<ScanResult>(const ScanInput& input, std::uint32_t first, std::uint64_t count)>;

inline Scanner scanner(kernels::ScanFunction kernel) {
    return [kernel](const ScanInput& input, std::uint32_t first, std::uint64_t count) {
        ScanResult result;
        kernel(input, first, count, result);
        return result;
    };
}

// The device must outlive the scanner.
inline Scanner scanner(Device& device) {
    return [&device](const ScanInput& input, std::uint32_t first, std::uint64_t count) -> Result<ScanResult> {
        if (auto queued = device.enqueue(input, first, count); !queued) return tl::unexpected(queued.error());
        return device.collect();
    };
}

}  // namespace lode::backend
