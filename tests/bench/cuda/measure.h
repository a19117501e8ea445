// Speed of a scan kernel, alone and as used by the device.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "backend/cuda/session.h"
#include "backend/known_blocks.h"

namespace lode::bench {

using backend::cuda::Plan;
using backend::cuda::Session;

// Scans nonces 0 to count - 1 with one kernel, with as many variants as it takes.
struct Job {
    Job(std::size_t kernel, std::uint64_t nonces)
        : input(backend::scan_input(backend::known_blocks()[4].header,
                                    kernels::cuda::scan_kernels()[kernel].variants, 0)),
          plan{{{kernel, input.variants}}, 0},
          count(nonces) {}
    [[nodiscard]] double hashes() const { return static_cast<double>(count) * input.variants; }

    ScanInput input;
    Plan plan;
    std::uint64_t count;
};

// A second of work, for the GPU to clock up.
Result<void> warm_up(Session& session);

// Hashes per second by the GPU's clock, the median of many consecutive scans; and the nonces per scan.
Result<double> hash_rate(Session& session, std::size_t kernel, std::uint64_t& count);

// Hashes per second by the host's clock, two scans in flight for five seconds.
Result<double> driven_rate(Session& session, const Job& job);

// Runs a kernel that traps, which destroys the context, and lets the backend open a new one. Returns a line
// with the result, which depends on the driver.
std::string recovery(std::unique_ptr<Session> session);

}  // namespace lode::bench
