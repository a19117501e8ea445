// How fast a scan kernel is, alone and as a device is driven.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "backend/cuda/session.h"
#include "backend/known_blocks.h"

namespace lode::bench {

using backend::cuda::Plan;
using backend::cuda::Session;

// Nonces 0 to count - 1 by one kernel, with as many variants as it takes.
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

// A second of work, until the clock has risen from idle.
std::optional<Error> warm_up(Session& session);

// Hashes a second on the GPU's clock, the median of many scans one after the other; and the nonces of one.
std::variant<double, Error> hash_rate(Session& session, std::size_t kernel, std::uint64_t& count);

// Hashes a second on the host's clock, two scans in flight for five seconds.
std::variant<double, Error> driven_rate(Session& session, const Job& job);

// A kernel that traps takes the context with it, and the back end then opens a new one. What came of that,
// which is the driver's affair: a line.
std::string recovery(std::unique_ptr<Session> session);

}  // namespace lode::bench
