// Measures one device in the whole engine, with verification; only the source is artificial.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "lode/device.h"
#include "lode/result.h"

namespace lode::app {

struct Measurement {
    DeviceInfo info;
    std::uint64_t hashes = 0;
    std::uint64_t checked = 0;  // results compared with the portable kernel's, and hits verified
    double seconds = 0;
    std::optional<double> power_w{};  // mean; absent: the device does not tell
    [[nodiscard]] double rate() const { return seconds > 0 ? static_cast<double>(hashes) / seconds : 0; }
    [[nodiscard]] std::optional<double> hashes_per_joule() const {
        return power_w && *power_w > 0 ? std::optional(rate() / *power_w) : std::nullopt;
    }
};

// Opens, checks and measures it for `duration`, warm-up not included, or until `stop`, set on any thread; 0
// seconds where that came too early. progress: draws on standard error.
Result<Measurement> measure(const DeviceEntry& entry, std::chrono::milliseconds duration, bool progress,
                            const std::atomic<bool>& stop);

}  // namespace lode::app
