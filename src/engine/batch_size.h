// How many nonces to scan at once: for the scan duration that the device wants, with few enough hits for its
// buffer.
#pragma once

#include <chrono>
#include <cstdint>

#include "lode/device.h"
#include "lode/scan.h"

namespace lode::engine {

class BatchSize {
 public:
    explicit BatchSize(const DeviceInfo& info) : target_(info.batch), granularity_(info.granularity) {}

    // Nonces for an input with this many variants; each hash is a hit with probability (max_top + 1) / 2^32.
    [[nodiscard]] std::uint64_t nonces(std::uint32_t variants, std::uint32_t max_top) const;
    // Reports the duration of a scan of this many hashes.
    void measured(std::uint64_t hashes, std::chrono::nanoseconds took);

 private:
    std::chrono::duration<double> target_;
    std::uint64_t granularity_;
    double hashes_per_batch_ = 1 << 16;  // initial value; grows at most fourfold per scan
};

}  // namespace lode::engine
