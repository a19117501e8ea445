#include "p2p/inbound_peers.h"

#include <algorithm>

#include <fmt/core.h>

#include "net/stream.h"
#include "p2p/address.h"

namespace lode::p2p {

void InboundPeers::add(boost::asio::ip::tcp::socket socket) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    const auto address = remote.address();
    if (bans_.contains(address, now().steady) || peers_.size() >= kMaxPeers ||
        std::ranges::count(peers_, address, &Peer::address) >= kMaxFromOne)
        return;
    peers_.push_back({address, context_.connection(std::make_unique<net::Stream>(std::move(socket)),
                                                   text_of(remote), true)});
}

void InboundPeers::tick() {
    for (const auto& peer : peers_) peer.connection->tick();
    for (const auto& peer : peers_)
        if (peer.connection->closed()) ended(peer);
    std::erase_if(peers_, [](const Peer& peer) { return peer.connection->closed(); });
    bans_.remove_expired(now().steady);
}

void InboundPeers::ended(const Peer& peer) {
    const auto& end = peer.connection->end();
    if (!end) return;
    if (end->self) found_self_(peer.connection->name());
    const bool banned = end->ban.count() > 0;
    context_.log(banned ? event::Severity::Warning : event::Severity::Debug,
                 fmt::format("peer {}: {}", peer.connection->name(), end->reason));
    if (banned) bans_.add(peer.address, now().steady + end->ban);
}

void InboundPeers::close() {
    for (const auto& peer : peers_) peer.connection->close();
}

}  // namespace lode::p2p
