// A compiled kernel on a device as a lode::Device: scans alternate between two command queues, so that the
// next one starts while the results of the last are read.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "backend/hwmon.h"
#include "backend/opencl/config.h"
#include "lode/device.h"

namespace lode::backend::opencl {

class ClDevice final : public Device {
 public:
    // timeout: how long a scan may take beyond its expected duration before its queue counts as hung.
    static Result<std::unique_ptr<ClDevice>> make(const cl::Context& context, const cl::Device& device,
                                                  const cl::Program& program, const Config& config,
                                                  DeviceInfo info, std::chrono::milliseconds timeout);
    ~ClDevice() override;

    [[nodiscard]] const DeviceInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> enqueue(const ScanInput& input, std::uint32_t first,
                                       std::uint64_t count) override;
    [[nodiscard]] Result<ScanResult> collect() override;

    [[nodiscard]] DeviceTelemetry telemetry() override {
        return sensors_ ? sensors_->read() : DeviceTelemetry{};
    }

    void set_sensors(std::unique_ptr<Hwmon> sensors) { sensors_ = std::move(sensors); }
    // Sets the tuning results. rate: hashes per second.
    void set_speed(unsigned variants, double rate);

 private:
    struct Session;

    ClDevice(std::unique_ptr<Session> session, DeviceInfo info, std::chrono::milliseconds timeout);

    [[nodiscard]] Result<void> launch(const ScanInput& input, std::uint32_t first, std::uint64_t count);
    tl::unexpected<Error> abandon(tl::unexpected<Error> error);

    std::unique_ptr<Session> session_;  // null after a failure: the driver may still write into it
    DeviceInfo info_;
    std::unique_ptr<Hwmon> sensors_;  // may be null
    std::chrono::milliseconds timeout_;
    bool answered_ = false;
    double rate_ = 1e6;  // hashes per second; initially that of a slow device
};

}  // namespace lode::backend::opencl
