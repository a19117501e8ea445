// The mining loop: opens a device, claims nonce ranges, scans them and reports the hits.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/work_board.h"
#include "lode/cuts_short.h"
#include "lode/device.h"

namespace lode::engine {

struct FoundHits {
    JobPtr job;
    std::uint64_t generation = 0;
    std::uint64_t roll = 0;
    std::vector<Hit> hits;  // with the job's variant numbers
};

// Notifications of a loop, called on its own thread. Hooks only post them to the io thread.
struct DeviceHooks {
    std::function<void(FoundHits)> found;  // the hits were added to the backlog
    // The first scan of a generation was enqueued.
    std::function<void(JobPtr, std::chrono::steady_clock::time_point)> started;
    std::function<void(DeviceInfo)> opened;
    // Absent retry delay: the device is retired.
    std::function<void(Error, std::optional<std::chrono::milliseconds> retry_in)> failed;
};

// Shared by its thread and the engine, so that the thread owns everything it uses and can outlive the engine
// if a driver call does not return.
class DeviceLoop {
 public:
    DeviceLoop(DeviceEntry entry, std::shared_ptr<WorkBoard> board, std::shared_ptr<Backlog> backlog,
               DeviceHooks hooks);

    // The thread's function: returns when stopped, or when the device is retired.
    void run();

    // From any other thread:
    void request_stop() { stop_.request_stop(); }
    // Waits for the end of run(): until the first time while the device is being opened, until the second
    // while it is scanning. Returns whether run() has ended.
    bool wait_for_end(std::chrono::steady_clock::time_point opening,
                      std::chrono::steady_clock::time_point working) const;
    // No hook is called once this has returned.
    void disconnect();
    // What is being scanned is for nothing; what was posted on the board is to be scanned now.
    void cut_short();
    // Makes the loop reopen the device, because its results are wrong.
    void distrust() { distrusted_.store(true, std::memory_order_relaxed); }

    // Whether scans are enqueued; what they find was posted by the time that this is false again.
    [[nodiscard]] bool scanning() const { return scanning_.load(); }

    [[nodiscard]] const std::string& id() const { return entry_.id; }
    [[nodiscard]] std::uint64_t hashes() const { return hashes_.load(std::memory_order_relaxed); }
    [[nodiscard]] DeviceTelemetry telemetry() const;  // as read a few seconds ago

 private:
    enum class Phase { Opening, Working, Ended };

    void enter(Phase phase);
    Error open_and_mine(const std::stop_token& stop);  // the failure; unspecified when stopped
    Error mine(Device& device, const std::stop_token& stop);
    void mines(CutsShort* device);
    void read_telemetry(Device& device);
    template <typename Hook, typename... Args>
    void notify(Hook hook, Args&&... args);

    const DeviceEntry entry_;
    const std::shared_ptr<WorkBoard> board_;
    const std::shared_ptr<Backlog> backlog_;
    std::stop_source stop_;
    std::atomic<std::uint64_t> hashes_{0};
    std::atomic<bool> distrusted_{false}, scanning_{false};

    mutable std::mutex hooks_mutex_;
    std::optional<DeviceHooks> hooks_;  // nullopt: disconnected
    std::mutex device_mutex_;
    CutsShort* device_ = nullptr;  // while it mines; null also where it scans to the end
    mutable std::mutex telemetry_mutex_;
    DeviceTelemetry telemetry_;
    mutable std::mutex phase_mutex_;
    mutable std::condition_variable phase_changed_;
    Phase phase_ = Phase::Opening;
};

}  // namespace lode::engine
