// A scan as a function call: what a kernel and a device have in common, for whatever tests either.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

#include "kernels/scan.h"
#include "lode/device.h"

namespace lode::backend {

using Scanner = std::function<std::variant<ScanResult, Error>(const ScanInput& input, std::uint32_t first,
                                                              std::uint64_t count)>;

inline Scanner scanner(kernels::ScanFunction kernel) {
    return [kernel](const ScanInput& input, std::uint32_t first, std::uint64_t count) {
        ScanResult result;
        kernel(input, first, count, result);
        return result;
    };
}

// The device must outlive the scanner.
inline Scanner scanner(Device& device) {
    return [&device](const ScanInput& input, std::uint32_t first,
                     std::uint64_t count) -> std::variant<ScanResult, Error> {
        if (auto error = device.enqueue(input, first, count)) return *error;
        return device.collect();
    };
}

}  // namespace lode::backend
