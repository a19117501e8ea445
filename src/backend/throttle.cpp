#include "backend/throttle.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <thread>
#include <utility>

namespace lode::backend {
namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

constexpr double kWithScreen = 0.5;    // intensity: a desktop stays usable
constexpr double kCooler = 5;          // °C below the limit before work resumes
constexpr auto kReadEvery = 2s;        // the temperature
constexpr microseconds kHotRest = 1s;  // pause before each scan while it is too hot

class ThrottledDevice final : public Device {
 public:
    ThrottledDevice(std::unique_ptr<Device> device, const ThrottleOptions& options, ThrottleClock clock)
        : device_(std::move(device)), options_(options), clock_(std::move(clock)) {
        info_ = device_->info();
        read_due_ = clock_.now();
        apply_limits();
    }

    [[nodiscard]] const DeviceInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> enqueue(const ScanInput& input, std::uint32_t first,
                                       std::uint64_t count) override {
        rest();
        enqueued_ = clock_.now();
        return device_->enqueue(input, first, count);
    }
    [[nodiscard]] Result<ScanResult> collect() override {
        auto result = device_->collect();
        worked_ = std::chrono::duration_cast<microseconds>(clock_.now() - enqueued_);
        return result;
    }
    [[nodiscard]] DeviceTelemetry telemetry() override { return device_->telemetry(); }

 private:
    // They may change between any two scans.
    void apply_limits() {
        if (options_.live) {
            options_.intensity = options_.live->intensity();
            options_.temperature_limit_c = options_.live->temperature_limit_c();
        }
        intensity_ = options_.intensity.value_or(info_.drives_screen ? kWithScreen : 1);
        // With a second one enqueued the GPU would never idle.
        info_.in_flight = intensity_ < 1 ? 1 : device_->info().in_flight;
        if (!options_.temperature_limit_c) hot_ = false;
    }
    void rest() {
        apply_limits();
        look_at_temperature();
        if (hot_) return clock_.sleep(kHotRest);
        if (intensity_ >= 1) return;
        const double seconds = std::chrono::duration<double>(worked_).count() * (1 / intensity_ - 1);
        clock_.sleep(std::min(microseconds(static_cast<std::int64_t>(seconds * 1e6)), kHotRest));
    }
    void look_at_temperature() {
        if (!options_.temperature_limit_c || clock_.now() < read_due_) return;
        read_due_ = clock_.now() + kReadEvery;
        const auto now = device_->telemetry().temperature_c;
        if (!now) return;
        const double limit = *options_.temperature_limit_c;
        const bool was_hot = std::exchange(hot_, *now > (hot_ ? limit - kCooler : limit));
        if (hot_ == was_hot || !options_.say) return;
        std::array<char, 96> line{};
        std::snprintf(line.data(), line.size(),
                      hot_ ? ": %.0f C is above %.0f C, paused" : ": %.0f C, resuming", *now, limit);
        options_.say(info_.id + line.data());
    }

    std::unique_ptr<Device> device_;
    DeviceInfo info_;
    double intensity_ = 1;
    ThrottleOptions options_;
    ThrottleClock clock_;
    ThrottleClock::Time enqueued_{}, read_due_{};
    microseconds worked_{0};  // by the last scan
    bool hot_ = false;
};

}  // namespace

ThrottleClock ThrottleClock::real() {
    return {[] { return std::chrono::steady_clock::now(); },
            [](microseconds time) { std::this_thread::sleep_for(time); }};
}

std::unique_ptr<Device> throttled(std::unique_ptr<Device> device, const ThrottleOptions& options,
                                  ThrottleClock clock) {
    const double intensity = options.intensity.value_or(device->info().drives_screen ? kWithScreen : 1);
    if (!options.live && intensity >= 1 && !options.temperature_limit_c) return device;
    return std::make_unique<ThrottledDevice>(std::move(device), options, std::move(clock));
}

}  // namespace lode::backend
