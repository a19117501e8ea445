// The devices that -d names.
#pragma once

#include <string_view>
#include <vector>

#include "lode/devices.h"

namespace lode::app {

// select_devices(), with -d in errors about the names.
Result<std::vector<DeviceEntry>> choose_devices(std::string_view spec, const DeviceOptions& options);

}  // namespace lode::app
