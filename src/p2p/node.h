// The peers of one chain: those the user named, and those that connect to us. Used on the io thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lode/result.h"
#include "net/listener.h"
#include "net/timer.h"
#include "p2p/inbound_peers.h"
#include "p2p/named_peer.h"
#include "p2p/node_context.h"

namespace lode::p2p {

class Node {
 public:
    // The chain and what log refers to must outlive the node, which must not be destroyed from inside a call
    // of either.
    Node(const boost::asio::any_io_executor& executor, Chain& chain, NodeSettings settings, Log log);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node();

    Result<void> start();  // Usage: the listening address is invalid or in use
    void stop();           // permanently; may be called from inside a call of the chain or of log

    // Announces the new last headers of the best chain, oldest first.
    void announce(std::span<const BlockHeader> headers);
    void request_headers();  // new ones, from every peer

    // How many of the named peers are in which state; see NamedPeer::State.
    struct Status {
        std::size_t synced = 0, syncing = 0, connecting = 0, unreachable = 0;
        std::string last_error;  // of a peer that is not connected: its name, and why
    };
    [[nodiscard]] Status status() const;
    [[nodiscard]] std::size_t connected() const;  // inbound and outbound, with the handshake done
    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }  // listening port; 0: none

 private:
    void tick();
    template <typename Function>
    void for_each_connection(Function function) const;

    NodeContext context_;
    std::vector<std::unique_ptr<NamedPeer>> named_;
    InboundPeers inbound_;
    net::Listener listener_;
    net::Timer timer_;
    bool stopped_ = false;
};

}  // namespace lode::p2p
