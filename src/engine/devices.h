// The mining devices: their threads, notifications and counters.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/scope.h"
#include "engine/device_loop.h"
#include "lode/engine.h"

namespace lode::engine {

struct DeviceReading {
    std::string id;
    std::uint64_t hashes = 0;   // since the start
    DeviceTelemetry telemetry;  // a few seconds old
};

// Called on the io thread, never after Devices::stop(). Devices are identified by index.
struct DeviceHandlers {
    std::function<void(std::size_t device, FoundHits)> found;
    std::function<void(JobPtr, std::chrono::steady_clock::time_point)> started;
    std::function<void(const Event&)> report;  // DeviceOpened, DeviceFailed, DeviceRetired
    std::function<void()> none_left;           // every device is retired
};

// Used on the io thread, except read().
class Devices {
 public:
    Devices(const Post& post, std::vector<DeviceEntry> entries, const std::shared_ptr<WorkBoard>& board,
            const std::shared_ptr<Backlog>& backlog, DeviceHandlers handlers);
    ~Devices() { stop(); }
    Devices(const Devices&) = delete;
    Devices& operator=(const Devices&) = delete;

    void start();
    // See Engine::stop().
    void stop();
    [[nodiscard]] bool stopped() const { return stopped_; }
    [[nodiscard]] bool abandoned() const { return abandoned_; }
    [[nodiscard]] bool scanning() const;

    // What they scan is for nothing: they are to take what was posted on the board as soon as they can.
    void cut_short();

    // Reports that a hit of this device was right or wrong. After several consecutive wrong ones it is
    // reopened.
    void right_hit(std::size_t device) { devices_[device].wrong_in_a_row = 0; }
    void wrong_hit(std::size_t device);

    // Total hashes per second, as measured when the devices were opened; 0: none measured.
    [[nodiscard]] double opened_rate() const;
    [[nodiscard]] bool empty() const { return devices_.empty(); }
    [[nodiscard]] const std::string& id(std::size_t device) const { return devices_[device].loop->id(); }
    [[nodiscard]] std::vector<DeviceReading> read() const;  // any thread

 private:
    struct Entry {
        std::shared_ptr<DeviceLoop> loop;
        std::thread thread;
        unsigned wrong_in_a_row = 0;
        double opened_rate = 0;
    };

    DeviceHooks hooks(const Post& post, std::size_t index, const std::string& id);
    void failed(const std::string& id, const Error& error, std::optional<std::chrono::milliseconds> retry_in);

    DeviceHandlers handlers_;
    std::vector<Entry> devices_;  // never resized after construction
    std::size_t working_ = 0;     // not retired
    bool stopped_ = false, abandoned_ = false;
    base::Scope scope_;  // of callbacks posted by the hooks
};

}  // namespace lode::engine
