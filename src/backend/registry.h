// The backends that were compiled in; lode/devices.h lists and selects their devices. No Boost, no JSON:
// builds on a GPU machine with only a compiler.
#pragma once

#include <span>
#include <vector>

#include "lode/devices.h"

namespace lode::backend {

using BackendOptions = DeviceOptions;

// A row of the table in registry.cpp. A backend that was not built has a row too, whose list() says so.
struct Backend {
    const char* name;  // "cpu", "cuda", "opencl"
    std::vector<DeviceEntry> (*list)(const BackendOptions& options);
    // Names accepted besides the listed ones: "cpu:avx2", the same device with that kernel.
    std::vector<DeviceEntry> (*list_forms)(const BackendOptions& options) = nullptr;
};

std::span<const Backend> backends();  // GPUs first

}  // namespace lode::backend
