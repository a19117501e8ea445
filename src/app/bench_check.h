// Is a device right? Its scans are compared with the portable kernel's, hit for hit.
#pragma once

#include <cstdint>
#include <variant>

#include "lode/device.h"

namespace lode::app {

// Ranges at the edges and inside, with every number of variants, at targets that give a few hits each.
// Returns how many hits and misses, one for each hash, were compared; an Error names the first difference.
std::variant<std::uint64_t, Error> compare_with_portable(Device& device);

}  // namespace lode::app
