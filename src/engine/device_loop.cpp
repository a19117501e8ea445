#include "engine/device_loop.h"

#include <utility>

#include "engine/scan_queue.h"

namespace lode::engine {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kAttempts = 5;  // consecutive attempts that fail within kHealthy before the device is retired
constexpr std::chrono::milliseconds kFirstPause = 1s;  // doubles each time
constexpr auto kHealthy = 60s;  // after working this long, earlier failures are forgotten
constexpr auto kTelemetryEvery = 3s;

// Sleeps; false if stopped meanwhile.
bool pause(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

}  // namespace

DeviceLoop::DeviceLoop(DeviceEntry entry, std::shared_ptr<WorkBoard> board, std::shared_ptr<Backlog> backlog,
                       DeviceHooks hooks)
    : entry_(std::move(entry)),
      board_(std::move(board)),
      backlog_(std::move(backlog)),
      hooks_(std::move(hooks)) {}

template <typename Hook, typename... Args>
void DeviceLoop::notify(Hook hook, Args&&... args) {
    const std::scoped_lock lock(hooks_mutex_);
    if (hooks_) ((*hooks_).*hook)(std::forward<Args>(args)...);
}

void DeviceLoop::disconnect() {
    const std::scoped_lock lock(hooks_mutex_);
    hooks_.reset();
}

void DeviceLoop::enter(Phase phase) {
    {
        const std::scoped_lock lock(phase_mutex_);
        phase_ = phase;
    }
    phase_changed_.notify_all();
}

bool DeviceLoop::wait_for_end(Clock::time_point opening, Clock::time_point working) const {
    std::unique_lock lock(phase_mutex_);
    while (phase_ != Phase::Ended) {
        const auto until = phase_ == Phase::Opening ? opening : working;
        if (Clock::now() >= until) return false;
        phase_changed_.wait_until(lock, until);
    }
    return true;
}

void DeviceLoop::run() {
    const auto stop = stop_.get_token();
    for (int failures = 0; !stop.stop_requested();) {
        const auto began = Clock::now();
        const Error error = open_and_mine(stop);
        if (stop.stop_requested()) break;
        failures = Clock::now() - began > kHealthy ? 1 : failures + 1;
        std::optional<std::chrono::milliseconds> retry_in;
        if (failures < kAttempts) retry_in = kFirstPause * (1 << (failures - 1));
        notify(&DeviceHooks::failed, error, retry_in);
        if (!retry_in || !pause(*retry_in, stop)) break;
    }
    enter(Phase::Ended);
}

// The device is closed before the pause that follows its failure.
Error DeviceLoop::open_and_mine(const std::stop_token& stop) {
    enter(Phase::Opening);
    auto opened = entry_.open();
    enter(Phase::Working);
    const struct AtTheEnd {
        std::atomic<bool>& scanning;
        ~AtTheEnd() { scanning = false; }
    } at_the_end{scanning_};
    if (!opened) return opened.error();
    if (stop.stop_requested()) return {};
    notify(&DeviceHooks::opened, (*opened)->info());
    mines(dynamic_cast<CutsShort*>(opened->get()));
    Error error = mine(**opened, stop);
    mines(nullptr);
    return error;
}

void DeviceLoop::mines(CutsShort* device) {
    const std::scoped_lock lock(device_mutex_);
    device_ = device;
}

void DeviceLoop::cut_short() {
    const std::scoped_lock lock(device_mutex_);
    if (device_ != nullptr) device_->cut_short();
}

Error DeviceLoop::mine(Device& device, const std::stop_token& stop) {
    ScanQueue queue(device);
    WorkBoard::Posted posted;
    bool drained = true;  // the current job has nothing left to claim
    bool fresh = false;   // nothing of it has been scanned yet
    auto telemetry_due = Clock::now();
    distrusted_ = false;
    while (!stop.stop_requested()) {
        if (distrusted_.load(std::memory_order_relaxed))
            return {ErrorKind::Device, "its results are wrong", entry_.id, "hashes that verify"};
        if (queue.idle()) scanning_ = false;
        if (drained && queue.idle() && !board_->wait_beyond(posted.generation, stop)) break;
        if (board_->generation() != posted.generation) {
            posted = board_->current();
            fresh = posted.job != nullptr;
        }
        if (backlog_->full() && queue.idle() && !backlog_->wait_until_below(stop)) break;
        if (!backlog_->full()) {
            scanning_ = true;
            const auto filled = queue.fill(posted);
            if (!filled) return filled.error();
            drained = !*filled;
            // Posted since the look at the board: too late for that cut.
            if (posted.generation != board_->generation()) cut_short();
            if (std::exchange(fresh, false)) notify(&DeviceHooks::started, posted.job, Clock::now());
        }
        if (queue.idle()) continue;
        if (Clock::now() >= telemetry_due) {  // here, while the device is busy
            read_telemetry(device);
            telemetry_due = Clock::now() + kTelemetryEvery;
        }
        auto collected = queue.collect();
        if (!collected) return collected.error();
        hashes_.fetch_add(queue.take_hashes(), std::memory_order_relaxed);
        if (collected->hits.empty()) continue;
        backlog_->add(collected->hits.size());
        notify(&DeviceHooks::found, std::move(*collected));
    }
    return {};
}

void DeviceLoop::read_telemetry(Device& device) {
    const auto reading = device.telemetry();
    const std::scoped_lock lock(telemetry_mutex_);
    telemetry_ = reading;
}

DeviceTelemetry DeviceLoop::telemetry() const {
    const std::scoped_lock lock(telemetry_mutex_);
    return telemetry_;
}

}  // namespace lode::engine
