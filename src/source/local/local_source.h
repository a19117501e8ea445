// Mines the local chain, without node or pool; with peers, together with other processes and machines.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "lode/source_options.h"
#include "util/url.h"

namespace lode::source {

// url: only the scheme, "local", is used.
Result<std::unique_ptr<WorkSource>> make_local_source(const util::Url& url, const SourceOptions& options,
                                                      const boost::asio::any_io_executor& executor);

}  // namespace lode::source
