// A device is a pure scanner: it never sees jobs, pools or generations.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/result.h"
#include "lode/scan.h"

namespace lode {

struct DeviceInfo {
    std::string id;          // "cpu", "cuda:0", "opencl:0.1"
    std::string backend;     // "cpu", "cuda", "opencl"
    std::string name;        // "NVIDIA H200", the CPU's brand string
    std::string kernel;      // "avx512", "sm_90"
    unsigned threads = 1;    // host threads that it uses while scanning
    unsigned variants = 1;   // midstates per scan at which it is fastest; it accepts 1 to kMaxVariants
    unsigned in_flight = 2;  // scans to keep enqueued
    std::chrono::microseconds batch{2000};  // how long one scan should take
    double rate = 0;                        // hashes per second, measured when it was opened; 0: not measured
    std::uint64_t granularity = 1;          // nonces; scan counts should be multiples of it
    bool drives_screen = false;             // a GPU with a display attached
    std::vector<unsigned> cpus{};           // that its threads are pinned to, one each; empty: none is pinned
};

// Live readings, each absent if the device or its driver has none.
struct DeviceTelemetry {
    std::optional<double> temperature_c, power_w, clock_mhz, fan_percent;
    std::optional<double> power_limit_w{};  // shown, never set
};

// Not thread-safe: used by one device thread. enqueue() and collect() form a FIFO queue; at most
// info().in_flight scans are outstanding. After a failure the device is destroyed and reopened.
class Device {
 public:
    Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    virtual ~Device() = default;

    [[nodiscard]] virtual const DeviceInfo& info() const = 0;
    // Starts a scan; the input is copied. first + count <= 2^32, count >= 1.
    [[nodiscard]] virtual Result<void> enqueue(const ScanInput& input, std::uint32_t first,
                                               std::uint64_t count) = 0;
    // Waits for the oldest outstanding scan.
    [[nodiscard]] virtual Result<ScanResult> collect() = 0;
    [[nodiscard]] virtual DeviceTelemetry telemetry() { return {}; }
};

enum class DeviceStatus { Ok, NoDevice, NotBuilt, Failed };

using OpenedDevice = Result<std::unique_ptr<Device>>;

// What a backend found: one entry per device, or one without an id that says why there is none.
struct DeviceEntry {
    std::string id;  // empty: no device
    std::string backend;
    std::string name;
    DeviceStatus status = DeviceStatus::Ok;
    std::string reason;    // why it is not Ok, or a remark
    std::string physical;  // identity across backends, such as the PCI address "0000:3b:00.0"; empty: unknown
    bool on_request = false;  // used only when selected by name: a CPU through OpenCL
    // Opens the device and runs its self-test. May take seconds (compiling, tuning).
    std::function<OpenedDevice()> open;
};

}  // namespace lode
