// Checks a device's results: its scans are compared with the portable kernel's, hit by hit.
#pragma once

#include <cstdint>

#include "lode/device.h"

namespace lode::app {

// Scans ranges at the edges and inside, with every number of variants, at targets that give a few hits each.
// Returns how many hits and misses, one for each hash, were compared; an Error names the first difference.
Result<std::uint64_t> compare_with_portable(Device& device);

}  // namespace lode::app
