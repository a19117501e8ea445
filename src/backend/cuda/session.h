// A GPU's context with two streams, and scans on them. Used by both the tuner and the device.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

#include "backend/cuda/plan.h"
#include "backend/cuda/runtime.h"
#include "kernels/cuda/scan.h"
#include "lode/scan.h"

namespace lode::backend::cuda {

// Not thread-safe. After an error only destruction is allowed: it resets the device, so that the next session
// starts with a new context. A GPU that hangs is not touched again, since every call could block, and is not
// reopened.
class Session {
 public:
    static constexpr unsigned kLanes = 2;  // scans in flight: one runs while the other's hits are copied back

    // Maximum time for a scan; a GPU that takes longer counts as hung.
    static constexpr std::chrono::milliseconds kTimeout{20'000};

    static Result<std::unique_ptr<Session>> open(int device, std::chrono::milliseconds timeout = kTimeout);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    // Starts a scan on a free lane: each step of the plan for each piece of at most `piece` nonces. The steps
    // take the input's variants in order.
    [[nodiscard]] Result<void> start(const ScanInput& input, std::uint32_t first, std::uint64_t count,
                                     const Plan& plan, std::uint64_t piece);
    // Waits for the oldest scan, sleeping.
    [[nodiscard]] Result<ScanResult> finish();
    [[nodiscard]] unsigned outstanding() const { return outstanding_; }
    // Duration of the scan that finish() returned last, on the GPU's clock.
    [[nodiscard]] Result<double> seconds() const;

 private:
    struct Lane {
        Stream stream;
        Event began, ended;
        DeviceMemory<kernels::cuda::Hits> hits;
        PinnedMemory<ScanResult> result;
    };

    Session(int device, std::chrono::milliseconds timeout) : device_(device), timeout_(timeout) {}
    [[nodiscard]] cudaError_t create(Lane& lane);
    [[nodiscard]] cudaError_t launch(const Lane& lane, const ScanInput& input, std::uint32_t first,
                                     std::uint64_t count, const Plan& plan);

    [[nodiscard]] cudaError_t wait(const Lane& lane);
    [[nodiscard]] bool hangs() const;

    int device_;
    std::chrono::milliseconds timeout_;
    std::array<Lane, kLanes> lanes_;
    unsigned next_ = 0, last_ = 0, outstanding_ = 0;
    bool failed_ = false;
};

}  // namespace lode::backend::cuda
