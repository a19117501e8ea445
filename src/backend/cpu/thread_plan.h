// How many threads the CPU device has, on which CPUs they run and how urgently.
#pragma once

#include <optional>
#include <vector>

#include "lode/devices.h"

namespace lode::backend::cpu {

// What this process has for its threads.
struct CpuShare {
    std::vector<unsigned> allowed;  // the CPUs that it may run on, ascending; empty: unknown
    std::optional<double> quota{};  // of CPU time, in CPUs; absent: no limit
};
CpuShare cpu_share();

struct ThreadPlan {
    unsigned threads = 1;
    std::vector<unsigned> cpus{};        // one for each thread, which is pinned to it; empty: none is pinned
    std::optional<unsigned> priority{};  // as in DeviceOptions
};

// Pure. Without options: a thread for each CPU, as far as the quota goes; a fraction counts as one more,
// since the last thread then uses what is left. Errors: Usage.
Result<ThreadPlan> plan_threads(const DeviceOptions& options, const CpuShare& share);

// Pins and prioritises the calling thread as the one with that number. Errors: Usage.
Result<void> place_thread(const ThreadPlan& plan, unsigned number);

}  // namespace lode::backend::cpu
