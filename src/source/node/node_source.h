// A WorkSource that mines on a node by getblocktemplate (BIP 22, 23): long poll, refreshes, reconnects.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "source/options.h"
#include "util/url.h"

namespace lode::source {

// Usage error for a missing or bad address, a tag that does not fit, TLS or proxy options that are wrong.
Result<std::unique_ptr<WorkSource>> make_node_source(const util::Url& url, const SourceOptions& options,
                                                     const boost::asio::any_io_executor& executor);

}  // namespace lode::source
