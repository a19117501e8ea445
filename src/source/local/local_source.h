// Mining a chain of one's own: no node, no pool. With peers, together with other processes and machines.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "source/options.h"
#include "util/url.h"

namespace lode::source {

// url: ignored but for its scheme, "local".
Result<std::unique_ptr<WorkSource>> make_local_source(const util::Url& url, const SourceOptions& options,
                                                      const boost::asio::any_io_executor& executor);

}  // namespace lode::source
