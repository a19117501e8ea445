// Limits a GPU's duty cycle, and pauses it while it is too hot.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lode/device.h"
#include "lode/devices.h"

namespace lode::backend {

struct ThrottleOptions {
    std::optional<double>
        intensity;  // fraction of time, 0.01 to 1; absent: 1, or 0.5 with a display attached
    std::optional<double> temperature_limit_c;         // above it the GPU pauses, until it is 5 °C cooler
    std::function<void(const std::string& line)> say;  // log, on the device's thread; may be empty
    std::shared_ptr<const GpuLimits> live{};  // intensity and limit as they are now; null: those above
};

// Clock and sleep, replaced in tests.
struct ThrottleClock {
    using Time = std::chrono::steady_clock::time_point;
    std::function<Time()> now;
    std::function<void(std::chrono::microseconds)> sleep;
    static ThrottleClock real();
};

// The device itself if nothing limits it, nor may. Otherwise one scan at a time with a pause before the next;
// while it is too hot, a second each, so that enqueue() still returns soon and the temperature is still read.
// A device without a temperature reading is never too hot.
std::unique_ptr<Device> throttled(std::unique_ptr<Device> device, const ThrottleOptions& options,
                                  ThrottleClock clock = ThrottleClock::real());

}  // namespace lode::backend
