// The source for Stratum V1 pools: connects, runs sessions, reconnects.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"
#include "lode/source_options.h"
#include "source/stratum/session_options.h"
#include "util/url.h"

namespace lode::source::stratum {

// Usage: a URL without a port, no user, or invalid proxy or TLS options. All schemes that name TLS or SSL
// mean TLS.
Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const boost::asio::any_io_executor& executor);

// The scheme names TLS, in one of its spellings.
[[nodiscard]] bool wants_tls(std::string_view scheme);

// What tests set beyond the options.
struct StratumOverrides {
    Timeouts timeouts;
    std::optional<std::uint64_t> first_extranonce2;  // instead of the one derived from the seed
    std::uint32_t first_nonce = 0;
};
Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const boost::asio::any_io_executor& executor,
                                                        const StratumOverrides& overrides);

}  // namespace lode::source::stratum
