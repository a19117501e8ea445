// The only mining loop there is: one thread a device, which claims ranges, scans them and reports the hits.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "engine/work_board.h"
#include "lode/device.h"

namespace lode::engine {

struct FoundHits {
    JobPtr job;
    std::uint64_t generation = 0;
    std::uint64_t roll = 0;
    std::vector<Hit> hits;  // variants counted as the job counts them
};

// What a runner tells; called on the runner's thread.
struct RunnerHooks {
    std::function<void(FoundHits)> found;  // the hits were added to the backlog
    std::function<void(const JobPtr&, std::chrono::steady_clock::time_point)>
        started;  // first scan of a generation
    std::function<void(const DeviceInfo&)> opened;
    std::function<void(const Error&, bool retired)> failed;
};

class DeviceRunner {
 public:
    DeviceRunner(DeviceEntry entry, WorkBoard& board, Backlog& backlog, RunnerHooks hooks);

    void start();
    void request_stop() { thread_.request_stop(); }
    void join() {
        if (thread_.joinable()) thread_.join();
    }
    // Any thread: have the device opened anew, because its answers are wrong.
    void distrust() { distrusted_.store(true, std::memory_order_relaxed); }

    [[nodiscard]] const std::string& id() const { return entry_.id; }
    [[nodiscard]] std::uint64_t hashes() const { return hashes_.load(std::memory_order_relaxed); }
    [[nodiscard]] DeviceTelemetry telemetry() const;  // as read a few seconds ago

 private:
    void run(const std::stop_token& stop);
    Error mine(Device& device, const std::stop_token& stop);  // the failure; meaningless when stopped
    void read_telemetry(Device& device);

    DeviceEntry entry_;
    WorkBoard& board_;
    Backlog& backlog_;
    RunnerHooks hooks_;
    std::atomic<std::uint64_t> hashes_{0};
    std::atomic<bool> distrusted_{false};
    mutable std::mutex telemetry_mutex_;
    DeviceTelemetry telemetry_;
    std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace lode::engine
