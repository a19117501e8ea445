// A compiled kernel on a device as a lode::Device: scans alternate between two command queues, so that the
// next one starts while the results of the last are read.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <variant>

#include "backend/opencl/config.h"
#include "lode/device.h"

namespace lode::backend::opencl {

class ClDevice final : public Device {
 public:
    // patience: how long a scan may take beyond what its length explains before its queue counts as hung.
    static std::variant<std::unique_ptr<ClDevice>, Error> make(const cl::Context& context,
                                                               const cl::Device& device,
                                                               const cl::Program& program,
                                                               const Config& config, DeviceInfo info,
                                                               std::chrono::milliseconds patience);
    ~ClDevice() override;

    [[nodiscard]] const DeviceInfo& info() const override { return info_; }
    [[nodiscard]] std::optional<Error> enqueue(const ScanInput& input, std::uint32_t first,
                                               std::uint64_t count) override;
    [[nodiscard]] std::variant<ScanResult, Error> collect() override;

    // What tuning found out. rate: hashes a second.
    void set_speed(unsigned variants, double rate);

 private:
    struct Session;

    ClDevice(std::unique_ptr<Session> session, DeviceInfo info, std::chrono::milliseconds patience);

    [[nodiscard]] std::optional<Error> launch(const ScanInput& input, std::uint32_t first,
                                              std::uint64_t count);
    Error abandon(const Error& error);

    std::unique_ptr<Session> session_;  // none after a hang: the driver may still write into it
    DeviceInfo info_;
    std::chrono::milliseconds patience_;
    bool answered_ = false;
    double rate_ = 1e6;  // hashes a second, at first a slow device's
};

}  // namespace lode::backend::opencl
