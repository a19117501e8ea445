// Temperature, power, clock and fan of an AMD or Intel GPU from Linux's sysfs (hwmon, drm), with the same
// interface as Nvml. Kernel documentation: gpu/amdgpu/thermal, hwmon/sysfs-interface,
// ABI/testing/sysfs-driver-intel-i915-hwmon.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lode/device.h"

namespace lode::backend {

class Hwmon {
 public:
    // Null if Linux exposes no sensors of the device. pci: "0000:3b:00.0"; devices: sysfs's directory of PCI
    // devices.
    static std::unique_ptr<Hwmon> open(const std::string& pci,
                                       const std::filesystem::path& devices = "/sys/bus/pci/devices");

    // For Intel's GPUs power is the mean since the last call, from an energy counter.
    [[nodiscard]] DeviceTelemetry read(
        std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());

 private:
    Hwmon(std::filesystem::path sensors, std::filesystem::path card);
    std::optional<double> power(std::chrono::steady_clock::time_point now);

    std::filesystem::path sensors_, card_;  // …/hwmon/hwmon3, …/drm/card0, which may be empty
    std::optional<std::pair<std::chrono::steady_clock::time_point, double>> energy_;  // last read, joules
};

}  // namespace lode::backend
