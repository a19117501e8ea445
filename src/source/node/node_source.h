// A WorkSource that mines on a node by getblocktemplate (BIP 22, 23): long poll, refreshes, reconnects.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "lode/source_options.h"
#include "util/url.h"

namespace lode::source {

// Usage: a missing or invalid address, a tag that is too long, invalid TLS or proxy options.
Result<std::unique_ptr<WorkSource>> make_node_source(const util::Url& url, const SourceOptions& options,
                                                     const boost::asio::any_io_executor& executor);

}  // namespace lode::source
