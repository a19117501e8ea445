// A device is a pure scanner: it never sees jobs, pools or generations.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lode/error.h"
#include "lode/scan.h"

namespace lode {

struct DeviceInfo {
    std::string id;        // "cpu", "cuda:0", "opencl:0.1": how -d names it
    std::string backend;   // "cpu", "cuda", "opencl"
    std::string name;      // "NVIDIA H200", the CPU's brand string
    std::string kernel;    // "avx512", "sm_90"
    unsigned threads = 1;  // host threads it occupies while scanning
    unsigned variants =
        1;  // midstates a scan at which it is fastest; it accepts any number from 1 to kMaxVariants
    unsigned in_flight = 2;                 // scans worth having enqueued at once
    std::chrono::microseconds batch{2000};  // how long one scan should take
    std::uint64_t granularity = 1;          // counts that are multiples of this waste nothing
};

// Live readings, each absent where the device or its driver has none.
struct DeviceTelemetry {
    std::optional<double> temperature_c, power_w, clock_mhz, fan_percent;
};

// Not thread-safe: one runner owns it. enqueue() and collect() form a queue, first in first out; at most
// info().in_flight scans are outstanding. After a failure the device is destroyed and opened anew.
class Device {
 public:
    Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    virtual ~Device() = default;

    [[nodiscard]] virtual const DeviceInfo& info() const = 0;
    // Starts a scan; the input is copied. first + count <= 2^32, count >= 1.
    [[nodiscard]] virtual std::optional<Error> enqueue(const ScanInput& input, std::uint32_t first,
                                                       std::uint64_t count) = 0;
    // Waits for the oldest outstanding scan.
    [[nodiscard]] virtual std::variant<ScanResult, Error> collect() = 0;
    [[nodiscard]] virtual DeviceTelemetry telemetry() { return {}; }
};

enum class DeviceStatus { Ok, NoDevice, NotBuilt, Failed };

using OpenedDevice = std::variant<std::unique_ptr<Device>, Error>;

// What a backend found: one entry a device, or one without an id that says why there is none.
struct DeviceEntry {
    std::string id;  // empty: no device
    std::string backend;
    std::string name;
    DeviceStatus status = DeviceStatus::Ok;
    std::string reason;  // why not Ok, or a remark
    std::string
        physical;  // identity across backends, such as the PCI address "0000:3b:00.0"; empty where unknown
    bool on_request = false;  // used only when named: a CPU through OpenCL
    // Opens it, tests it with known answers, ready to scan. May take seconds (compiling, tuning).
    std::function<OpenedDevice()> open;
};

}  // namespace lode
