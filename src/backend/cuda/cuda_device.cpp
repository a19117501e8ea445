#include "backend/cuda/cuda_device.h"

#include <algorithm>
#include <utility>

namespace lode::backend::cuda {
namespace {

// Upper bound of a launch's run time, however long the scan: a display on this GPU is frozen meanwhile.
constexpr double kLongestLaunch = 0.05;  // seconds

tl::unexpected<Error> misuse(const char* what, const std::string& where) {
    return fail(ErrorKind::Internal, what, where, "1 to 8 variants, nonces below 2^32, two scans at most");
}

}  // namespace

CudaDevice::CudaDevice(std::unique_ptr<Session> session, Plans plans, DeviceInfo info,
                       std::unique_ptr<Nvml> telemetry)
    : session_(std::move(session)),
      plans_(std::move(plans)),
      info_(std::move(info)),
      telemetry_(std::move(telemetry)) {}

Result<void> CudaDevice::enqueue(const ScanInput& input, std::uint32_t first, std::uint64_t count) {
    if (input.variants < 1 || input.variants > kMaxVariants || count < 1 ||
        first + count > std::uint64_t{1} << 32)
        return misuse("a scan out of range", info_.id);
    if (failed_ || session_->outstanding() == Session::kLanes)
        return misuse("a scan for a device that has failed or is full", info_.id);
    const Plan& plan = plans_[input.variants];
    const double most = std::clamp(kLongestLaunch / plan.seconds, 1.0, 0x1p32);
    const std::uint64_t piece =
        (static_cast<std::uint64_t>(most) / info_.granularity + 1) * info_.granularity;
    auto started = session_->start(input, first, count, plan, piece);
    if (started) return {};
    failed_ = true;
    return tl::unexpected(started.error().at(info_.id));
}

Result<ScanResult> CudaDevice::collect() {
    if (failed_ || session_->outstanding() == 0) return misuse("nothing to collect", info_.id);
    auto answer = session_->finish();
    if (answer) return answer;
    failed_ = true;
    return tl::unexpected(answer.error().at(info_.id));
}

DeviceTelemetry CudaDevice::telemetry() {
    return telemetry_ ? telemetry_->read() : DeviceTelemetry{};
}

}  // namespace lode::backend::cuda
