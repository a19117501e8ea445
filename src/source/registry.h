// Sources by URL scheme.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "lode/source_options.h"
#include "util/url.h"

namespace lode::source {

// The source for the URL's scheme, not yet started; all its calls and callbacks are made on the executor,
// which must be single-threaded. Usage: an unknown scheme or invalid options.
Result<std::unique_ptr<WorkSource>> make_source(const util::Url& url, const SourceOptions& options,
                                                const boost::asio::any_io_executor& executor);

}  // namespace lode::source
