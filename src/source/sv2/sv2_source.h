// stratum2+tcp://[user@]host:port/KEY: a pool of Stratum V2. KEY is its authority's, see certificate.h.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "lode/source_options.h"
#include "source/sv2/session.h"
#include "util/url.h"

namespace lode::source::sv2 {

// Usage: no port, no user, an invalid key, or no key without options.sv2_insecure.
Result<std::unique_ptr<WorkSource>> make_sv2_source(const util::Url& url, const SourceOptions& options,
                                                    const boost::asio::any_io_executor& executor);
// With other time-outs, for tests.
Result<std::unique_ptr<WorkSource>> make_sv2_source(const util::Url& url, const SourceOptions& options,
                                                    const boost::asio::any_io_executor& executor,
                                                    const Timeouts& timeouts,
                                                    std::chrono::milliseconds handshake_timeout);

}  // namespace lode::source::sv2
