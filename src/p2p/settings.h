// Settings of a node: its network, its peers, and how to connect.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "chain/network.h"
#include "lode/result.h"
#include "lode/source_options.h"
#include "net/dialer.h"
#include "p2p/session_context.h"
#include "util/url.h"

namespace lode::p2p {

struct NodeSettings {
    Magic magic{};
    std::vector<util::Url> peers;     // with ports
    std::optional<util::Url> listen;  // an empty host: all addresses of this machine
    net::Dialer dialer;               // makes all connections to peers
    std::string user_agent = "/lode/";
    Timing timing;
    std::chrono::milliseconds first_pause{1'000}, longest_pause{60'000};  // between attempts to connect
};

// peers: host[:port], by default the network's port. listen: [address:]port; empty: not. Usage: one of them
// or the proxy is invalid.
Result<NodeSettings> node_settings(const chain::Network& network, const std::vector<std::string>& peers,
                                   const std::string& listen, const DialOptions& dial);

}  // namespace lode::p2p
