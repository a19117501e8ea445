#include "chain/p2p/node.h"

#include <algorithm>
#include <random>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <fmt/core.h>

#include "chain/p2p/connection.h"
#include "util/hex.h"

namespace lode::p2p {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

struct Node::Attempt {
    explicit Attempt(const asio::any_io_executor& executor) : resolver(executor), socket(executor) {}
    void cancel() {
        error_code ignored;
        resolver.cancel();
        socket.close(ignored);
    }
    tcp::resolver resolver;
    tcp::socket socket;
};

// A peer that the user named: an attempt under way, a connection, or a pause.
struct Node::Named {
    util::Url url;
    std::string name;
    std::shared_ptr<Attempt> attempt;
    std::shared_ptr<Connection> connection;
    milliseconds since{};  // of the attempt
    milliseconds next{};   // attempt not before
    unsigned failures = 0;
    bool greeted = false, banned = false, self = false;
    std::string trouble;
};

namespace {

constexpr milliseconds kTick{250};

std::uint64_t random_nonce() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

}  // namespace

Node::Node(const asio::any_io_executor& executor, Chain& chain, NodeSettings settings, Log log)
    : executor_(executor),
      chain_(chain),
      settings_(std::move(settings)),
      log_(std::move(log)),
      nonce_(random_nonce()),
      random_(static_cast<std::minstd_rand::result_type>(nonce_)),
      timer_(executor),
      acceptor_(executor) {
    for (const auto& url : settings_.peers) {
        named_.push_back(std::make_unique<Named>());
        named_.back()->url = url;
        named_.back()->name = url.authority();
    }
}

Node::~Node() {
    stop();
}

Result<void> Node::start() {
    if (settings_.listen) {
        if (auto listening = listen(*settings_.listen); !listening) return listening;
    }
    tick();
    return {};
}

Result<void> Node::listen(const util::Url& at) {
    const std::string where = "--listen " + at.authority();
    error_code error;
    tcp::endpoint endpoint(tcp::v6(), at.port);  // takes IPv4 too, where the system says so
    if (!at.host.empty()) {
        const auto address = asio::ip::make_address(at.host, error);
        if (error) return fail(ErrorKind::Usage, "'" + at.host + "' is no IP address", where);
        endpoint.address(address);
    }
    acceptor_.open(endpoint.protocol(), error);
    if (error && at.host.empty()) {  // a machine without IPv6
        endpoint = tcp::endpoint(tcp::v4(), at.port);
        acceptor_.open(endpoint.protocol(), error);
    }
    if (!error && at.host.empty() && endpoint.address().is_v6())
        acceptor_.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error) return fail(ErrorKind::Usage, error.message(), where, "an address and port that are free");
    log_(event::Severity::Info, "listening for peers on port " + std::to_string(port()));
    return {};
}

void Node::stop() {
    alive_.reset();
    error_code ignored;
    timer_.cancel();
    acceptor_.close(ignored);
    for (const auto& peer : named_) {
        if (peer->attempt) peer->attempt->cancel();
        if (peer->connection) peer->connection->close();
    }
    for (const auto& connection : inbound_) connection->close();
}

void Node::tick() {
    const milliseconds time = now().steady;
    for (const auto& connection : connections()) connection->tick();
    reap();
    for (const auto& peer : named_) {
        if (peer->attempt && time - peer->since >= settings_.connect_timeout) {
            peer->attempt->cancel();
            failed(*peer, "no connection in time", {});
        }
        if (!peer->attempt && !peer->connection && !peer->self && time >= peer->next) connect(*peer);
    }
    if (settings_.listen && !accepting_) accept();
    std::erase_if(bans_, [&](const auto& ban) { return ban.second <= time; });
    timer_.expires_after(kTick);
    timer_.async_wait(guarded([this](error_code error) {
        if (!error) tick();
    }));
}

void Node::connect(Named& peer) {
    auto attempt = std::make_shared<Attempt>(executor_);
    peer.attempt = attempt;
    peer.since = now().steady;
    // A later attempt, or none, has taken the place of one that is over.
    const auto current = [this, &peer, attempt](error_code error, const char* what) {
        if (peer.attempt != attempt) return false;
        if (error) failed(peer, std::string(what) + error.message(), {});
        return !error;
    };
    const auto connected = [this, &peer, attempt, current](error_code error, const tcp::endpoint&) {
        if (!current(error, "")) return;
        peer.attempt.reset();
        peer.connection = std::make_shared<Connection>(std::move(attempt->socket), peer.name, peer.name,
                                                       settings_.magic, chain_, session_settings(false));
        peer.connection->start();
    };
    attempt->resolver.async_resolve(peer.url.host, std::to_string(peer.url.port),
                                    guarded([this, attempt, current, connected](
                                                error_code error, const tcp::resolver::results_type& found) {
                                        if (current(error, "cannot resolve the name: "))
                                            asio::async_connect(attempt->socket, found, guarded(connected));
                                    }));
}

void Node::failed(Named& peer, const std::string& reason, milliseconds ban) {
    peer.attempt.reset();
    peer.connection.reset();
    peer.greeted = false;
    ++peer.failures;
    peer.banned = ban.count() > 0;
    const milliseconds wait = std::max(ban, pause(peer.failures));
    peer.next = now().steady + wait;
    // The same trouble again and again is said once.
    if (std::exchange(peer.trouble, reason) != reason || peer.banned)
        log_(event::Severity::Warning, fmt::format("peer {}: {}; again in {} s", peer.name, reason,
                                                   std::max<long>(1, (wait.count() + 500) / 1000)));
}

// Doubles with each failure; a fifth of it at random, so that peers cut off together do not return at once.
milliseconds Node::pause(unsigned failures) {
    const auto doubled = settings_.first_pause * (1u << std::min(failures - 1, 10u));
    const auto most = std::min<milliseconds>(doubled, settings_.longest_pause);
    std::uniform_real_distribution<double> part(0.8, 1.0);
    return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(most.count()) * part(random_)));
}

void Node::accept() {
    accepting_ = true;
    acceptor_.async_accept(guarded([this](error_code error, tcp::socket socket) {
        if (error == asio::error::operation_aborted) return;
        // Out of descriptors, most likely: the next tick is early enough for another try.
        accepting_ = !error;
        if (error) return;
        welcome(std::move(socket));
        accept();
    }));
}

void Node::welcome(tcp::socket socket) {
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    const auto address = remote.address();
    const std::string key = address.to_string();
    const auto from_there = std::ranges::count(inbound_, key, [](const auto& c) { return c->key(); });
    if (bans_.contains(key) || inbound_.size() >= kMaxInbound || from_there >= kMaxFromOne) return;
    inbound_.push_back(std::make_shared<Connection>(std::move(socket), text_of(remote), key, settings_.magic,
                                                    chain_, session_settings(true)));
    inbound_.back()->start();
}

// Connections that have ended are let go, and those that have shaken hands are made known.
void Node::reap() {
    const auto meet = [this](Connection& c) {
        const auto& peer = c.session().peer();
        log_(event::Severity::Info, fmt::format("peer {}: {}, height {}", c.name(),
                                                util::printable(peer.user_agent, 60), peer.height));
    };
    for (auto& connection : inbound_) {
        if (!connection->closed() || !connection->end()) continue;
        const auto& end = *connection->end();
        // Only the accepting end of a connection to oneself sees both nonces.
        for (const auto& peer : named_)
            if (end.self && peer->connection && peer->connection->local() == connection->name())
                peer->self = true;
        log_(end.ban.count() > 0 ? event::Severity::Warning : event::Severity::Debug,
             fmt::format("peer {}: {}", connection->name(), end.reason));
        // All programs of this machine share its loopback address.
        error_code error;
        const bool loopback = asio::ip::make_address(connection->key(), error).is_loopback();
        if (end.ban.count() > 0 && !loopback && bans_.size() < kMaxBans)
            bans_[connection->key()] = now().steady + end.ban;
    }
    for (const auto& peer : named_) {
        if (!peer->connection) continue;
        if (!peer->greeted && peer->connection->session().ready()) {
            peer->greeted = true;
            peer->failures = 0;
            peer->trouble.clear();
            meet(*peer->connection);
        }
        if (!peer->connection->closed()) continue;
        const auto end = peer->connection->end().value_or(Session::Drop{"closed"});
        if (end.self || peer->self) {
            peer->self = true;
            peer->connection.reset();
            continue;
        }
        failed(*peer, end.reason, end.ban);
    }
    std::erase_if(inbound_, [](const auto& connection) { return connection->closed(); });
}

std::vector<std::shared_ptr<Connection>> Node::connections() const {
    auto all = inbound_;
    for (const auto& peer : named_)
        if (peer->connection) all.push_back(peer->connection);
    return all;
}

SessionSettings Node::session_settings(bool inbound) const {
    return {inbound, nonce_, settings_.user_agent, settings_.timing};
}

void Node::announce(std::span<const BlockHeader> headers) {
    for (const auto& connection : connections()) {
        connection->session().announce(headers);
        connection->flush();
    }
}

void Node::ask() {
    for (const auto& connection : connections()) {
        connection->session().ask(now());
        connection->flush();
    }
}

Node::Standing Node::standing() const {
    Standing result;
    for (const auto& peer : named_) {
        if (peer->self) continue;
        if (peer->connection && !peer->connection->closed()) {
            const auto& session = peer->connection->session();
            ++(session.ready() && session.level() ? result.level : result.syncing);
            continue;
        }
        ++(peer->banned || peer->failures >= kAttempts ? result.unreachable : result.connecting);
        if (!peer->trouble.empty()) result.trouble = peer->name + ": " + peer->trouble;
    }
    return result;
}

std::size_t Node::connected() const {
    const auto all = connections();
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [](const auto& c) { return !c->closed() && c->session().ready(); }));
}

std::uint16_t Node::port() const {
    error_code error;
    const auto endpoint = acceptor_.local_endpoint(error);
    return error ? std::uint16_t{0} : endpoint.port();
}

}  // namespace lode::p2p
