// Resolves a list of device names, independent of the backends.
#pragma once

#include <span>

#include "backend/registry.h"

namespace lode::backend {

// select_devices() over the given table.
Result<std::vector<DeviceEntry>> select(std::span<const Backend> table, std::string_view spec,
                                        const BackendOptions& options);

}  // namespace lode::backend
