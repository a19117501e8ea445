// The peers that have connected to us, with limits on their number and bans by address.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "p2p/bans.h"
#include "p2p/connection.h"
#include "p2p/node_context.h"

namespace lode::p2p {

class InboundPeers {
 public:
    // Called with the remote address of a connection that came from this node itself, which only the
    // accepting side can detect.
    using FoundSelf = std::function<void(const std::string& address)>;

    // The context must outlive this.
    InboundPeers(const NodeContext& context, FoundSelf found_self)
        : context_(context), found_self_(std::move(found_self)) {}

    // Closes it at once if the address is banned or has too many connections, or there are too many in all.
    void add(boost::asio::ip::tcp::socket socket);
    void tick();
    void close();
    template <typename Function>
    void for_each(Function function) const {
        for (const auto& peer : peers_) function(*peer.connection);
    }

 private:
    struct Peer {
        boost::asio::ip::address address;
        std::unique_ptr<Connection> connection;
    };
    void ended(const Peer& peer);

    static constexpr std::ptrdiff_t kMaxFromOne = 16;  // connections per address
    static constexpr std::size_t kMaxPeers = 64;

    const NodeContext& context_;
    FoundSelf found_self_;
    std::vector<Peer> peers_;
    Bans bans_;
};

}  // namespace lode::p2p
