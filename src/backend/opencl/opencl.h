#pragma once

#include <vector>

#include "backend/registry.h"

namespace lode::backend::opencl {

// All devices of all platforms, or one entry that says why there is none.
std::vector<DeviceEntry> list(const BackendOptions& options);

}  // namespace lode::backend::opencl
