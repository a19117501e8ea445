// Endless made-up work, for measuring devices through the whole engine.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/source.h"

namespace lode::source {

// A single job with a share target that about one hash in 2^share_bits meets; all shares are accepted.
std::unique_ptr<WorkSource> make_bench_source(unsigned share_bits, boost::asio::any_io_executor executor);

}  // namespace lode::source
