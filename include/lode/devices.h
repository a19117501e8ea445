// Lists the devices of this machine and selects them by name. Any thread; no device is opened.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/device.h"
#include "lode/result.h"

namespace lode {

// Limits of GPUs that can be changed while the devices work. Any thread.
class GpuLimits {
 public:
    // As in DeviceOptions.
    void set(std::optional<double> intensity, std::optional<double> temperature_limit_c) {
        intensity_ = intensity.value_or(kAbsent);
        temperature_limit_c_ = temperature_limit_c.value_or(kAbsent);
    }
    [[nodiscard]] std::optional<double> intensity() const { return value(intensity_); }
    [[nodiscard]] std::optional<double> temperature_limit_c() const { return value(temperature_limit_c_); }

 private:
    static constexpr double kAbsent = -1;
    static std::optional<double> value(const std::atomic<double>& number) {
        const double now = number.load();
        return now < 0 ? std::nullopt : std::optional(now);
    }
    std::atomic<double> intensity_{kAbsent}, temperature_limit_c_{kAbsent};
};

struct DeviceOptions {
    unsigned cpu_threads = 0;  // 0: one for each CPU that this process may use, as far as its quota goes
    // Of the CPU device's threads: the CPUs that they are pinned to, one each, in this order (empty: not
    // pinned); their priority, from 0, idle, over 2, normal, to 5; above that of this process it takes root
    // (absent: that of the thread that opens the device).
    std::vector<unsigned> cpu_affinity{};
    std::optional<unsigned> cpu_priority{};
    std::string cache_dir;  // compiled programs and tuning results; empty: the user's cache directory
    bool retune = false;    // ignore stored tuning results
    // For every GPU: the fraction of time that it works, above 0 and up to 1 (absent: 1, or 0.5 with a
    // display attached), and the temperature in °C above which it pauses until it is 5 °C cooler (absent: no
    // limit).
    std::optional<double> gpu_intensity{}, gpu_temperature_limit_c{};
    std::shared_ptr<const GpuLimits> gpu_limits{};  // replaces the two above; null: those, for good
    // Progress of compiling and tuning, and warnings, as text lines; called on the thread that opens the
    // device.
    std::function<void(const std::string& line)> progress;
};

// All devices and, for each backend without one, an entry that says why.
std::vector<DeviceEntry> list_devices(const DeviceOptions& options = {});

// The entries that a list of names selects, in its order, each Ok: "cpu", "cpu:avx512", "cuda", "cuda:0",
// "opencl:0.1", comma-separated; empty: all that are Ok and not on_request. A physical device appears once,
// through the first API that lists it. Errors: Usage for an unknown name, with the nearest known one, and
// for threads that the CPU cannot have as the options want them; Device for one that does not work, with its
// reason.
Result<std::vector<DeviceEntry>> select_devices(std::string_view spec, const DeviceOptions& options = {});

}  // namespace lode
