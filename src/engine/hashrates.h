// Hash rates per device and in total.
#pragma once

#include <vector>

#include "engine/devices.h"
#include "engine/rate_meter.h"
#include "lode/snapshot.h"

namespace lode::engine {

// Not thread-safe.
class Hashrates {
 public:
    // To be called every few seconds, with the devices always in the same order.
    void sample(RateMeter::Clock::time_point now, const std::vector<DeviceReading>& readings);
    // Means over the windows, or over the time so far if shorter, with the telemetry of the last sample.
    [[nodiscard]] const event::Hashrate& event() const { return event_; }

    [[nodiscard]] HashRates total() const { return rates(total_); }
    [[nodiscard]] HashRates of(std::size_t device) const { return rates(meters_[device]); }
    [[nodiscard]] std::size_t devices() const { return meters_.size(); }

 private:
    static HashRates rates(const RateMeter& meter);

    std::vector<RateMeter> meters_;  // by device
    RateMeter total_;
    event::Hashrate event_;
};

}  // namespace lode::engine
