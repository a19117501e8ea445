#pragma once

#include <vector>

#include "backend/registry.h"

namespace lode::backend::cpu {

std::vector<DeviceEntry> list(const BackendOptions& options);        // "cpu", with the fastest kernel
std::vector<DeviceEntry> list_forms(const BackendOptions& options);  // "cpu:avx2" etc., with that kernel
// Whether the CPU's threads can run as the options say: on those CPUs, with that priority. Errors: Usage.
Result<void> check_threads(const BackendOptions& options);

}  // namespace lode::backend::cpu
