// How much CPU time this process may use at most: what a container or a service is limited to.
#pragma once

#include <filesystem>
#include <optional>

namespace lode::backend::cpu {

// In CPUs: 1.5 is a limit of 150 %. The lowest of the limits of this process's control group and of those
// above it (cgroup v2: cpu.max; v1: cpu.cfs_quota_us); nullopt: none. The paths are parameters for tests.
std::optional<double> cpu_quota(const std::filesystem::path& self = "/proc/self/cgroup",
                                const std::filesystem::path& mounted = "/sys/fs/cgroup");

}  // namespace lode::backend::cpu
