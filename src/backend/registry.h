// The back ends that were compiled in, and the devices that -d names. No Boost, no JSON: it builds on a bare
// GPU machine.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lode/device.h"

namespace lode::backend {

struct BackendOptions {
    unsigned cpu_threads = 0;  // 0: every hardware thread
    std::string cache_dir;     // compiled programs and tuning results; empty: the user's cache directory
    bool retune = false;       // forget tuning results
    // A line for a person while a device compiles or is tuned, or a warning; called on the thread that opens
    // it.
    std::function<void(const std::string& line)> progress;
};

// A row of the table in registry.cpp. A backend that was not built has a row too, whose list() says so.
struct Backend {
    const char* name;  // "cpu", "cuda", "opencl"
    std::vector<DeviceEntry> (*list)(const BackendOptions& options);
    // Names that -d understands beside the listed ones: "cpu:avx2", the same device with that kernel.
    std::vector<DeviceEntry> (*list_forms)(const BackendOptions& options) = nullptr;
};

std::span<const Backend> backends();  // GPUs first

// All devices and, for each backend without one, an entry that says why. What `lode devices` prints.
std::vector<DeviceEntry> list_devices(const BackendOptions& options);

// The entries that a -d argument names, in its order, each Ok: "cpu", "cpu:avx512", "cuda", "cuda:0",
// "opencl:0.1", comma-separated; empty: all that work and are not on_request. The same physical device
// appears once, the first API that names it wins. An unknown name is an Error that gives the nearest known
// one; a known one that does not work is an Error with its reason.
std::variant<std::vector<DeviceEntry>, Error> select_devices(std::string_view spec,
                                                             const BackendOptions& options);

}  // namespace lode::backend
