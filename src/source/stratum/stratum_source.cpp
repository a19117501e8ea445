#include "source/stratum/stratum_source.h"

#include <algorithm>
#include <array>
#include <random>
#include <string_view>
#include <utility>

#include "net/dialer.h"
#include "source/pool/client.h"
#include "source/stratum/stratum_link.h"
#include "source/unverified.h"

namespace lode::source::stratum {
namespace {

// Machines with the same extranonce1, or none, would otherwise all do the same work.
std::uint64_t search_start(std::optional<std::uint64_t> seed) {
    if (seed) return std::mt19937_64(*seed)();  // the same on every platform: the standard defines it
    std::random_device random;
    return static_cast<std::uint64_t>(random()) << 32 | random();
}

}  // namespace

bool wants_tls(std::string_view scheme) {
    constexpr std::array<std::string_view, 7> kSchemes = {
        "stratum+ssl", "stratum+tls", "stratum+tcps", "stratums", "ssl", "tls", "tcps"};
    return std::ranges::find(kSchemes, scheme) != kSchemes.end();
}

Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const boost::asio::any_io_executor& executor,
                                                        const StratumOverrides& overrides) {
    SourceOptions own = options;
    if (url.has_credentials) {
        own.user = url.user;
        if (!url.password.empty()) own.password = url.password;
    }
    if (url.port == 0) return fail(ErrorKind::Usage, "no port", url.safe(), "host:port");
    if (own.user.empty()) return fail(ErrorKind::Usage, "no user for the pool", url.safe(), "a user name");
    auto dialer = net::Dialer::make(own.dial, wants_tls(url.scheme));
    if (!dialer) return tl::unexpected(dialer.error());
    SessionOptions session;
    session.host = url.host;
    session.user = own.user;
    session.password = own.password;
    session.user_agent = own.user_agent;
    session.network = own.network;
    session.version_mask = own.version_rolling ? own.version_mask : 0;
    session.suggest_difficulty = own.suggest_difficulty;
    session.first_extranonce2 = overrides.first_extranonce2.value_or(search_start(own.seed));
    session.first_nonce = overrides.first_nonce;
    session.timeouts = overrides.timeouts;
    const bool tls = dialer->tls();
    pool::ClientOptions client{
        .url = url, .retries = own.retries, .retry_pause = own.retry_pause, .warning = {}};
    if (dialer->unverified()) client.warning = kUnverified;
    return std::make_unique<pool::Client>(std::move(client), std::move(*dialer),
                                          make_links({.url = url,
                                                      .tls = tls,
                                                      .dump = own.protocol_dump,
                                                      .password = own.password,
                                                      .session = std::move(session)}),
                                          executor);
}

Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const boost::asio::any_io_executor& executor) {
    return make_stratum_source(url, options, executor, StratumOverrides{});
}

}  // namespace lode::source::stratum
