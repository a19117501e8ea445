// The source for stratum+tcp://, stratum+ssl:// and bare host:port: connects, runs sessions, comes back.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "source/options.h"
#include "source/stratum/session.h"
#include "util/url.h"

namespace lode::source::stratum {

// Usage where the URL has no port, no user is given, or the proxy or TLS options are bad.
Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const boost::asio::any_io_executor& executor);
Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const boost::asio::any_io_executor& executor,
                                                        const Patience& patience);

}  // namespace lode::source::stratum
