// Counts answers to shares by result and by reason.
#pragma once

#include "lode/snapshot.h"

namespace lode::engine {

void add(ShareCounts& shares, const Outcome& outcome);

}  // namespace lode::engine
