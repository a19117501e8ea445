// A GPU as a lode::Device.
#pragma once

#include <memory>

#include "backend/cuda/nvml.h"
#include "backend/cuda/session.h"
#include "lode/device.h"

namespace lode::backend::cuda {

class CudaDevice final : public Device {
 public:
    // plans: one per number of variants. telemetry may be null.
    CudaDevice(std::unique_ptr<Session> session, Plans plans, DeviceInfo info,
               std::unique_ptr<Nvml> telemetry);

    [[nodiscard]] const DeviceInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> enqueue(const ScanInput& input, std::uint32_t first,
                                       std::uint64_t count) override;
    [[nodiscard]] Result<ScanResult> collect() override;
    [[nodiscard]] DeviceTelemetry telemetry() override;

 private:
    std::unique_ptr<Session> session_;
    Plans plans_;
    DeviceInfo info_;
    std::unique_ptr<Nvml> telemetry_;
    bool failed_ = false;
};

}  // namespace lode::backend::cuda
