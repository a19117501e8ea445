// The flags that say which threads the CPU device has: how many, where and how urgent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "lode/devices.h"

namespace lode::app {

// "0-3,8" as taskset and cpusets write lists of CPUs, "0-14:2" every second one. Errors: Usage.
Result<std::vector<unsigned>> parse_cpu_list(std::string_view text);

// -t, --cpu-affinity, --cpu-priority
void add_cpu_options(CLI::App& command, DeviceOptions& options, const std::string& group);

}  // namespace lode::app
