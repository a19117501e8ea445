#include "p2p/settings.h"

#include "util/hex.h"

namespace lode::p2p {

Result<NodeSettings> node_settings(const chain::Network& network, const std::vector<std::string>& peers,
                                   const std::string& listen, const DialOptions& dial) {
    NodeSettings settings;
    settings.magic = network.magic;
    auto dialer = net::Dialer::make(dial, false);
    if (!dialer) return tl::unexpected(dialer.error());
    settings.dialer = std::move(*dialer);
    for (const auto& text : peers) {
        const std::string where = "peer '" + util::printable(text, 100) + "'";
        auto url = util::parse_host_port(text, network.p2p_port);
        if (!url) return tl::unexpected(url.error().at(where));
        if (url->host.empty()) return fail(ErrorKind::Usage, "no host", where, "host:port");
        settings.peers.push_back(std::move(*url));
    }
    if (!listen.empty()) {
        auto url = util::parse_host_port(listen, network.p2p_port);
        if (!url) return tl::unexpected(url.error().at("address to listen on"));
        settings.listen = std::move(*url);
    }
    return settings;
}

}  // namespace lode::p2p
