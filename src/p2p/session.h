// The protocol with one peer: a state machine over messages, without sockets and clocks.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "p2p/block_fetch.h"
#include "p2p/handshake.h"
#include "p2p/header_sync.h"
#include "p2p/serving.h"
#include "p2p/session_context.h"

namespace lode::p2p {

class Session {
 public:
    // The chain must outlive the session.
    Session(Chain& chain, SessionSettings settings, Now now);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void receive(const Message& message, Now now);
    // To be called at least once per second.
    void tick(Now now);
    // Announces the new last headers of our best chain, oldest first.
    void announce(std::span<const BlockHeader> headers);
    // Requests headers that we lack.
    void request_headers(Now now);
    // Also called for malformed frames.
    void misbehaved(std::string reason) { context_.misbehaved(std::move(reason)); }

    // The next message to send, if any. Requested blocks are read only here, so take messages, and feed the
    // peer's, only as fast as they can be sent.
    [[nodiscard]] std::optional<Message> next_outgoing();

    [[nodiscard]] const std::optional<Drop>& dropped() const { return context_.drop; }
    [[nodiscard]] bool ready() const { return handshake_.done(); }
    [[nodiscard]] bool synced() const { return headers_.synced(); }
    [[nodiscard]] const Version& peer() const { return handshake_.peer(); }

 private:
    void dispatch(const Message& message, Now now);
    void send_ping(Now now);

    SessionContext context_;
    Handshake handshake_;
    BlockFetch blocks_;
    HeaderSync headers_;
    Serving serving_;
    std::optional<std::chrono::milliseconds> pinged_;
};

}  // namespace lode::p2p
