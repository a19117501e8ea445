// template+tcp://host:port/KEY: solo mining by Stratum V2's template distribution. KEY is the template
// provider's authority's, see source/sv2/certificate.h.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "lode/source_options.h"
#include "source/provider/provider_session.h"
#include "util/url.h"

namespace lode::source::provider {

// New templates come by themselves. A provider does not say which network it is on: options.network, or main.
// While it does not answer, its last template is mined for another minute. Usage: no port, a missing or bad
// address or key, a tag that does not fit.
Result<std::unique_ptr<WorkSource>> make_provider_source(const util::Url& url, const SourceOptions& options,
                                                         const boost::asio::any_io_executor& executor);
// With other time-outs, for tests.
Result<std::unique_ptr<WorkSource>> make_provider_source(const util::Url& url, const SourceOptions& options,
                                                         const boost::asio::any_io_executor& executor,
                                                         const Timeouts& timeouts);

}  // namespace lode::source::provider
