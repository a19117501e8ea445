#include "p2p/node.h"

#include <random>

#include <fmt/core.h>

#include "net/stream.h"
#include "p2p/connection.h"
#include "util/hex.h"

namespace lode::p2p {
namespace {

constexpr std::chrono::milliseconds kTick{250};

std::uint64_t random_nonce() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

}  // namespace

std::unique_ptr<Connection> NodeContext::connection(std::unique_ptr<net::Stream> stream, std::string name,
                                                    bool inbound) const {
    auto made =
        std::make_unique<Connection>(std::move(stream), std::move(name), settings.magic, chain,
                                     SessionSettings{inbound, nonce, settings.user_agent, settings.timing});
    made->start();
    return made;
}

void NodeContext::log_peer(const Connection& connection) const {
    const auto& peer = connection.session().peer();
    log(event::Severity::Info, fmt::format("peer {}: {}, height {}", connection.name(),
                                           util::printable(peer.user_agent, 60), peer.height));
}

Node::Node(const boost::asio::any_io_executor& executor, Chain& chain, NodeSettings settings, Log log)
    : context_{executor, chain, std::move(settings), std::move(log), random_nonce()},
      inbound_(context_,
               [this](const std::string& address) {
                   for (const auto& peer : named_) peer->mark_self(address);
               }),
      listener_(executor, [this](boost::asio::ip::tcp::socket socket) { inbound_.add(std::move(socket)); }),
      timer_(executor) {
    for (const auto& address : context_.settings.peers)
        named_.push_back(std::make_unique<NamedPeer>(context_, address));
}

Node::~Node() {
    stop();
}

Result<void> Node::start() {
    if (const auto& at = context_.settings.listen) {
        if (auto listening = listener_.listen(*at); !listening) return listening;
        context_.log(event::Severity::Info, fmt::format("listening for peers on port {}", port()));
    }
    tick();
    return {};
}

void Node::stop() {
    stopped_ = true;
    timer_.cancel();
    listener_.close();
    inbound_.close();
    for (const auto& peer : named_) peer->close();
}

// Inbound peers first: they detect that a named one is ourselves.
void Node::tick() {
    inbound_.tick();
    for (const auto& peer : named_)
        if (!stopped_) peer->tick();
    if (!stopped_) timer_.after(kTick, [this] { tick(); });
}

template <typename Function>
void Node::for_each_connection(Function function) const {
    inbound_.for_each(function);
    for (const auto& peer : named_)
        if (auto* connection = peer->connection()) function(*connection);
}

void Node::announce(std::span<const BlockHeader> headers) {
    for_each_connection([&](Connection& connection) { connection.announce(headers); });
}

void Node::request_headers() {
    for_each_connection([](Connection& connection) { connection.request_headers(); });
}

Node::Status Node::status() const {
    using State = NamedPeer::State;
    Status status;
    for (const auto& peer : named_) {
        const State state = peer->state();
        status.synced += state == State::Synced;
        status.syncing += state == State::Syncing;
        status.connecting += state == State::Connecting;
        status.unreachable += state == State::Unreachable;
        const bool disconnected = state == State::Connecting || state == State::Unreachable;
        if (disconnected && !peer->last_error().empty())
            status.last_error = peer->name() + ": " + peer->last_error();
    }
    return status;
}

std::size_t Node::connected() const {
    std::size_t count = 0;
    for_each_connection(
        [&](const Connection& connection) { count += !connection.closed() && connection.session().ready(); });
    return count;
}

}  // namespace lode::p2p
