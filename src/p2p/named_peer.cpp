#include "p2p/named_peer.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "net/stream.h"
#include "p2p/connection.h"
#include "util/hex.h"

namespace lode::p2p {

using std::chrono::milliseconds;

NamedPeer::NamedPeer(const NodeContext& context, util::Url address)
    : context_(context),
      address_(std::move(address)),
      name_(util::printable(address_.authority(), 300)),
      backoff_(context.settings.first_pause, context.settings.longest_pause) {}

NamedPeer::~NamedPeer() = default;

void NamedPeer::tick() {
    if (connection_) {
        connection_->tick();
        if (!was_ready_ && connection_->session().ready()) {
            was_ready_ = true;
            failures_ = 0;
            backoff_.reset();
            last_error_.clear();
            context_.log_peer(*connection_);
        }
        if (connection_->closed()) connection_ended();
    }
    if (!attempt_ && !connection_ && !self_ && !closed_ && now().steady >= next_attempt_) connect();
}

void NamedPeer::connect() {
    attempt_ = context_.settings.dialer.dial(
        context_.executor, address_.host, address_.port,
        [this](Result<std::unique_ptr<net::Stream>> stream) { connected(std::move(stream)); });
}

void NamedPeer::connected(Result<std::unique_ptr<net::Stream>> stream) {
    attempt_.reset();
    if (!stream) return failed(stream.error().text(), {});
    connection_ = context_.connection(std::move(*stream), name_, false);
}

void NamedPeer::connection_ended() {
    const Drop end = connection_->end().value_or(Drop{"closed"});
    connection_.reset();
    was_ready_ = false;
    self_ = self_ || end.self;
    if (!self_ && !closed_) failed(end.reason, end.ban);
}

void NamedPeer::failed(const std::string& reason, milliseconds ban) {
    ++failures_;
    banned_ = ban.count() > 0;
    const milliseconds pause = std::max(ban, backoff_.next());
    next_attempt_ = now().steady + pause;
    // A repeated error is logged once.
    if (std::exchange(last_error_, reason) != reason || banned_)
        context_.log(event::Severity::Warning, fmt::format("peer {}: {}; next attempt in {} s", name_, reason,
                                                           std::max<long>(1, (pause.count() + 500) / 1000)));
}

void NamedPeer::close() {
    closed_ = true;
    attempt_.reset();
    if (connection_) connection_->close();
}

void NamedPeer::mark_self(const std::string& own_address) {
    if (connection_ && connection_->own_address() == own_address) self_ = true;
}

NamedPeer::State NamedPeer::state() const {
    if (self_) return State::Self;
    if (connection_ && !connection_->closed())
        return connection_->session().synced() ? State::Synced : State::Syncing;
    return banned_ || failures_ >= kAttempts ? State::Unreachable : State::Connecting;
}

}  // namespace lode::p2p
