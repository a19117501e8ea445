// Which devices are mined with, and why others are not.
#pragma once

#include <string>
#include <vector>

#include "lode/device.h"

namespace lode::app {

// A line for each of what was listed, in that order.
std::vector<std::string> device_table(const std::vector<DeviceEntry>& listed,
                                      const std::vector<DeviceEntry>& chosen);

}  // namespace lode::app
