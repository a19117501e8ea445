#pragma once

#include <vector>

#include "backend/registry.h"

namespace lode::backend::cuda {

// Every GPU that the driver shows, or one entry that says why there is none.
std::vector<DeviceEntry> list(const BackendOptions& options);

}  // namespace lode::backend::cuda
