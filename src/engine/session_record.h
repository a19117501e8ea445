// The state of the mining session: devices, source and job, answers, blocks found.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "engine/devices.h"
#include "engine/hashrates.h"
#include "lode/events.h"
#include "lode/snapshot.h"

namespace lode::engine {

// Written on the io thread, read on any; guarded by one lock. Time points are wall time, durations are
// measured with the steady clock.
class SessionRecord {
 public:
    using Clock = std::chrono::steady_clock;

    // best_before: the best difficulty of earlier sessions, 0: none.
    explicit SessionRecord(const std::vector<DeviceEntry>& devices, double best_before = 0);

    void started(std::string source);
    void stopped();
    void paused(bool paused);
    // Updates the state of devices, source and job from events; others are ignored.
    void happened(const Event& event);
    void no_job();

    // The life of a solution: found, then dropped, or sent and answered.
    void found(const Solution& solution);
    void dropped(const Solution& solution);  // stale before it was sent
    void sent(const Solution& solution);
    void answered(const Solution& solution, const Outcome& outcome, std::chrono::milliseconds latency);
    void hardware_error(const std::string& device);

    void measured(const Hashrates& rates);

    // Readings of all devices, in the constructor's order.
    [[nodiscard]] Totals totals(const std::vector<DeviceReading>& readings) const;
    [[nodiscard]] Snapshot snapshot(const std::vector<DeviceReading>& readings) const;

 private:
    // With the lock held:
    void note(const event::DeviceOpened& e);
    void note(const event::DeviceFailed& e);
    void note(const event::DeviceRetired& e);
    void note(const event::SourceConnected& e);
    void note(const event::SourceLost& e);
    void note(const event::SourceSwitched& e);
    void note(const event::JobReceived& e);
    void note(const event::Judgement& e);
    void note(const event::BlockConfirmed& e);
    template <typename Other>
    void note(const Other&) {}
    void show_judgement();
    void device_failed(const std::string& id, const Error& error, DeviceState state);
    void count(const Solution& solution, const Outcome& outcome);
    void add_block(const Solution& solution, BlockStatus status);
    DeviceSnapshot* find_device(const std::string& id);  // null: unknown id
    [[nodiscard]] Clock::duration uptime() const;

    mutable std::mutex mutex_;
    Snapshot now_;                             // except what snapshot() fills in: time, hashes, telemetry
    Totals totals_;                            // likewise
    std::vector<Clock::time_point> retry_at_;  // per device, of failed ones
    event::Judgement judged_;                  // the last one
    JobPtr job_;
    Clock::time_point began_, ended_;  // zero: not yet
};

}  // namespace lode::engine
