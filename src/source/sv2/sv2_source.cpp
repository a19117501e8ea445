#include "source/sv2/sv2_source.h"

#include <utility>

#include "chain/target.h"
#include "net/dialer.h"
#include "source/pool/client.h"
#include "source/sv2/certificate.h"
#include "source/sv2/sv2_link.h"

namespace lode::source::sv2 {
namespace {

constexpr std::chrono::milliseconds kHandshakeTimeout{10'000};
constexpr const char* kUnverified =
    "without the pool's key the server is not authenticated: a man in the middle can read and change "
    "everything, including the payout";

}  // namespace

Result<std::unique_ptr<WorkSource>> make_sv2_source(const util::Url& url, const SourceOptions& options,
                                                    const boost::asio::any_io_executor& executor,
                                                    const Timeouts& timeouts,
                                                    std::chrono::milliseconds handshake_timeout) {
    if (url.port == 0) return fail(ErrorKind::Usage, "no port", url.safe(), "host:port");
    const std::string& user = url.has_credentials ? url.user : options.user;
    if (user.empty()) return fail(ErrorKind::Usage, "no user for the pool", url.safe(), "a user name");
    const auto authority = authority_of(url, options.sv2_insecure);
    if (!authority) return tl::unexpected(authority.error());
    Uint256 max_target = Uint256::max();
    if (options.suggest_difficulty) {
        const auto target = chain::target_of_difficulty(*options.suggest_difficulty);
        if (!target) return tl::unexpected(target.error());
        max_target = *target;
    }
    auto dialer = net::Dialer::make(options.dial, false);
    if (!dialer) return tl::unexpected(dialer.error());
    LinkOptions links;
    links.name = url.authority();
    links.authority = *authority;
    links.handshake_timeout = handshake_timeout;
    links.dump = options.protocol_dump;
    links.session.user = user;
    links.session.network = options.network;
    links.session.verified = authority->has_value();
    links.session.extended = options.sv2_channel == Sv2Channel::Extended;
    links.session.version_mask = options.version_rolling ? options.version_mask : 0;
    links.session.max_target = max_target;
    links.session.timeouts = timeouts;
    return std::make_unique<pool::Client>(pool::ClientOptions{.url = url,
                                                              .retries = options.retries,
                                                              .retry_pause = options.retry_pause,
                                                              .warning = *authority ? "" : kUnverified},
                                          std::move(*dialer), make_links(std::move(links), executor),
                                          executor);
}

Result<std::unique_ptr<WorkSource>> make_sv2_source(const util::Url& url, const SourceOptions& options,
                                                    const boost::asio::any_io_executor& executor) {
    return make_sv2_source(url, options, executor, Timeouts{}, kHandshakeTimeout);
}

}  // namespace lode::source::sv2
