// Work that never runs out and leads nowhere: for measuring devices through the whole engine.
#pragma once

#include <memory>

#include "lode/source.h"

namespace lode::source {

// One job for ever, its share target such that about one hash in 2^share_bits is submitted; accepted at once.
std::unique_ptr<WorkSource> make_bench_source(unsigned share_bits);

}  // namespace lode::source
