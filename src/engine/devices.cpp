#include "engine/devices.h"

#include <algorithm>
#include <utility>

namespace lode::engine {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr unsigned kDistrustAfter = 5;  // consecutive wrong hits
constexpr auto kOpeningEndsIn = 100ms;  // limits of stop(), documented in lode/engine.h
constexpr auto kScanEndsIn = 5s;

// Callable on any thread; the task then runs on the io thread.
template <typename... Args, typename Task>
std::function<void(Args...)> posted(const Post& post, Task task) {
    return [post, task = std::move(task)](Args... args) {
        post([task, ... args = std::move(args)]() mutable { task(std::move(args)...); });
    };
}

}  // namespace

Devices::Devices(const Post& post, std::vector<DeviceEntry> entries, const std::shared_ptr<WorkBoard>& board,
                 const std::shared_ptr<Backlog>& backlog, DeviceHandlers handlers)
    : handlers_(std::move(handlers)), working_(entries.size()) {
    for (auto& entry : entries) {
        auto told = hooks(post, devices_.size(), entry.id);
        devices_.push_back(
            {std::make_shared<DeviceLoop>(std::move(entry), board, backlog, std::move(told)), {}, 0, 0});
    }
}

DeviceHooks Devices::hooks(const Post& post, std::size_t index, const std::string& id) {
    DeviceHooks hooks;
    hooks.found = posted<FoundHits>(
        post, scope_.guard([this, index](FoundHits found) { handlers_.found(index, std::move(found)); }));
    hooks.started = posted<JobPtr, Clock::time_point>(
        post,
        scope_.guard([this](JobPtr job, Clock::time_point at) { handlers_.started(std::move(job), at); }));
    hooks.opened = posted<DeviceInfo>(post, scope_.guard([this, index, id](DeviceInfo info) {
        devices_[index].opened_rate = info.rate;
        handlers_.report(event::DeviceOpened{id, std::move(info)});
    }));
    hooks.failed = posted<Error, std::optional<std::chrono::milliseconds>>(
        post, scope_.guard([this, id](const Error& error, auto retry_in) { failed(id, error, retry_in); }));
    return hooks;
}

void Devices::failed(const std::string& id, const Error& error,
                     std::optional<std::chrono::milliseconds> retry_in) {
    if (retry_in) return handlers_.report(event::DeviceFailed{id, error, *retry_in});
    handlers_.report(event::DeviceRetired{id, error});
    if (--working_ == 0) handlers_.none_left();
}

void Devices::start() {
    for (auto& device : devices_) device.thread = std::thread([loop = device.loop] { loop->run(); });
}

void Devices::stop() {
    if (std::exchange(stopped_, true)) return;
    scope_.close();
    for (auto& device : devices_) device.loop->request_stop();
    const auto now = Clock::now();
    for (auto& device : devices_) {
        if (!device.thread.joinable()) continue;  // never started
        if (device.loop->wait_for_end(now + kOpeningEndsIn, now + kScanEndsIn)) {
            device.thread.join();
        } else {
            device.thread.detach();
            abandoned_ = true;
        }
        device.loop->disconnect();
    }
}

void Devices::cut_short() {
    for (const auto& device : devices_) device.loop->cut_short();
}

void Devices::wrong_hit(std::size_t device) {
    if (++devices_[device].wrong_in_a_row < kDistrustAfter) return;
    devices_[device].wrong_in_a_row = 0;
    devices_[device].loop->distrust();
}

bool Devices::scanning() const {
    return std::ranges::any_of(devices_, [](const Entry& device) { return device.loop->scanning(); });
}

double Devices::opened_rate() const {
    double rate = 0;
    for (const auto& device : devices_) rate += device.opened_rate;
    return rate;
}

std::vector<DeviceReading> Devices::read() const {
    std::vector<DeviceReading> readings;
    for (const auto& device : devices_)
        readings.push_back({device.loop->id(), device.loop->hashes(), device.loop->telemetry()});
    return readings;
}

}  // namespace lode::engine
