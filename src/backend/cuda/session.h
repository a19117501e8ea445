// A GPU's context with two streams, and scans on them. What the tuner and the device both drive.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include "backend/cuda/plan.h"
#include "backend/cuda/runtime.h"
#include "kernels/cuda/scan.h"
#include "lode/scan.h"

namespace lode::backend::cuda {

// Not thread-safe. After an error only destruction is allowed: it resets the device, so that the next session
// starts from a fresh context. One that hangs is left alone, since every call could wait for it, and is not
// opened again.
class Session {
 public:
    static constexpr unsigned kLanes = 2;  // scans in flight: while one's hits come back, the other runs

    // A scan may take so long; a GPU that needs longer hangs.
    static constexpr std::chrono::milliseconds kPatience{20'000};

    static std::variant<std::unique_ptr<Session>, Error> open(int device,
                                                              std::chrono::milliseconds patience = kPatience);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    // Starts a scan on a free lane: for each piece of at most `piece` nonces, each step of the plan. The
    // steps take the input's variants one after the other.
    [[nodiscard]] std::optional<Error> start(const ScanInput& input, std::uint32_t first, std::uint64_t count,
                                             const Plan& plan, std::uint64_t piece);
    // Waits for the oldest scan; the thread sleeps meanwhile.
    [[nodiscard]] std::variant<ScanResult, Error> finish();
    [[nodiscard]] unsigned outstanding() const { return outstanding_; }
    // Of the scan that finish() returned last, on the GPU's own clock.
    [[nodiscard]] std::variant<double, Error> seconds() const;

 private:
    struct Lane {
        Stream stream;
        Event began, ended;
        DeviceMemory<kernels::cuda::Hits> hits;
        PinnedMemory<ScanResult> result;
    };

    Session(int device, std::chrono::milliseconds patience) : device_(device), patience_(patience) {}
    [[nodiscard]] cudaError_t create(Lane& lane);
    [[nodiscard]] cudaError_t launch(const Lane& lane, const ScanInput& input, std::uint32_t first,
                                     std::uint64_t count, const Plan& plan);

    [[nodiscard]] cudaError_t wait(const Lane& lane);
    [[nodiscard]] bool hangs() const;

    int device_;
    std::chrono::milliseconds patience_;
    std::array<Lane, kLanes> lanes_;
    unsigned next_ = 0, last_ = 0, outstanding_ = 0;
    bool failed_ = false;
};

}  // namespace lode::backend::cuda
