#include "engine/device_runner.h"

#include <algorithm>
#include <utility>

#include "engine/scan_queue.h"

namespace lode::engine {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kAttempts = 5;  // openings in a row that fail, or scan less than kHealthy, before retirement
constexpr auto kFirstPause = 1s;  // doubles each time
constexpr auto kHealthy = 60s;    // work for so long and earlier failures are forgotten
constexpr auto kTelemetryEvery = 3s;

// False when stopped meanwhile.
bool pause(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

}  // namespace

DeviceRunner::DeviceRunner(DeviceEntry entry, WorkBoard& board, Backlog& backlog, RunnerHooks hooks)
    : entry_(std::move(entry)), board_(board), backlog_(backlog), hooks_(std::move(hooks)) {}

void DeviceRunner::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void DeviceRunner::run(const std::stop_token& stop) {
    for (int failures = 0; !stop.stop_requested();) {
        const auto began = Clock::now();
        auto opened = entry_.open();
        Error error;
        if (auto* device = std::get_if<std::unique_ptr<Device>>(&opened)) {
            hooks_.opened((*device)->info());
            error = mine(**device, stop);
        } else {
            error = std::get<Error>(opened);
        }
        opened = error;  // a device that failed is closed before the pause, not after it
        if (stop.stop_requested()) return;
        failures = Clock::now() - began > kHealthy ? 1 : failures + 1;
        const bool retired = failures >= kAttempts;
        hooks_.failed(error, retired);
        if (retired || !pause(kFirstPause * (1 << (failures - 1)), stop)) return;
    }
}

Error DeviceRunner::mine(Device& device, const std::stop_token& stop) {
    ScanQueue queue(device);
    WorkBoard::Posted posted;
    bool drained = true;  // the posted job has nothing left to claim
    bool fresh = false;   // nothing of it has been scanned yet
    auto telemetry_due = Clock::now();
    distrusted_ = false;
    while (!stop.stop_requested()) {
        if (distrusted_.load(std::memory_order_relaxed))
            return {ErrorKind::Device, "its answers are wrong", entry_.id, "hashes that verify"};
        if (drained && queue.idle() && !board_.wait_beyond(posted.generation, stop)) break;
        if (board_.generation() != posted.generation) {
            posted = board_.current();
            fresh = posted.job != nullptr;
        }
        if (backlog_.full() && queue.idle() && !backlog_.wait_for_room(stop)) break;
        if (!backlog_.full()) {
            const auto filled = queue.fill(posted);
            if (const auto* error = std::get_if<Error>(&filled)) return *error;
            drained = !std::get<bool>(filled);
            if (std::exchange(fresh, false)) hooks_.started(posted.job, Clock::now());
        }
        if (queue.idle()) continue;
        if (Clock::now() >= telemetry_due) {  // here, where the device has work meanwhile
            read_telemetry(device);
            telemetry_due = Clock::now() + kTelemetryEvery;
        }
        auto collected = queue.collect();
        if (const auto* error = std::get_if<Error>(&collected)) return *error;
        hashes_.fetch_add(queue.take_hashes(), std::memory_order_relaxed);
        auto& found = std::get<FoundHits>(collected);
        if (!found.hits.empty()) {
            backlog_.add(found.hits.size());
            hooks_.found(std::move(found));
        }
    }
    return {};
}

void DeviceRunner::read_telemetry(Device& device) {
    const auto reading = device.telemetry();
    const std::scoped_lock lock(telemetry_mutex_);
    telemetry_ = reading;
}

DeviceTelemetry DeviceRunner::telemetry() const {
    const std::scoped_lock lock(telemetry_mutex_);
    return telemetry_;
}

}  // namespace lode::engine
