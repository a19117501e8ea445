// What a -d argument means, whatever the back ends are.
#pragma once

#include <span>

#include "backend/registry.h"

namespace lode::backend {

// select_devices() over the given table.
std::variant<std::vector<DeviceEntry>, Error> select(std::span<const Backend> table, std::string_view spec,
                                                     const BackendOptions& options);

}  // namespace lode::backend
