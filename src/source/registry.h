// Sources by URL scheme.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "source/options.h"
#include "util/url.h"

namespace lode::source {

// The source that the URL's scheme names, not yet started; every call and callback of it is made on the
// executor, which is one thread's. An unknown scheme, or options that the source cannot work with, are a
// Usage error.
Result<std::unique_ptr<WorkSource>> make_source(const util::Url& url, const SourceOptions& options,
                                                const boost::asio::any_io_executor& executor);

}  // namespace lode::source
