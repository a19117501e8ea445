#include "chain/p2p/node.h"

namespace lode::p2p {

Result<NodeSettings> node_settings(const chain::Network& network, const std::vector<std::string>& peers,
                                   const std::string& listen) {
    NodeSettings settings;
    settings.magic = network.magic;
    for (const auto& text : peers) {
        auto url = util::parse_host_port(text, network.p2p_port);
        if (!url) return tl::unexpected(url.error().at("--peer"));
        if (url->host.empty()) return fail(ErrorKind::Usage, "no host", "--peer " + text, "host:port");
        settings.peers.push_back(std::move(*url));
    }
    if (!listen.empty()) {
        auto url = util::parse_host_port(listen, network.p2p_port);
        if (!url) return tl::unexpected(url.error().at("--listen"));
        settings.listen = std::move(*url);
    }
    return settings;
}

}  // namespace lode::p2p
