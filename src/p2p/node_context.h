// Shared by the parts of a node.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "lode/events.h"
#include "p2p/chain.h"
#include "p2p/settings.h"

namespace lode::net {
class Stream;
}

namespace lode::p2p {

class Connection;

using Log = std::function<void(event::Severity, std::string)>;  // the text is printable

struct NodeContext {
    boost::asio::any_io_executor executor;
    Chain& chain;
    NodeSettings settings;
    Log log;
    std::uint64_t nonce = 0;  // in our version messages: detects connections to ourselves

    // Makes and starts a connection. name: the peer's address, printable.
    [[nodiscard]] std::unique_ptr<Connection> connection(std::unique_ptr<net::Stream> stream,
                                                         std::string name, bool inbound) const;
    // Logs a peer's user agent.
    void log_peer(const Connection& connection) const;
};

}  // namespace lode::p2p
