// A peer that the user named: reconnected with back-off, and banned for a while if it broke the rules.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/backoff.h"
#include "net/dialer.h"
#include "p2p/node_context.h"

namespace lode::p2p {

class NamedPeer {
 public:
    enum class State {
        Synced,       // connected, and we have all its headers
        Syncing,      // connected, not yet synced
        Connecting,   // not connected, few attempts have failed
        Unreachable,  // several attempts failed, or it was dropped for its behaviour
        Self,         // our own address
    };

    // The context must outlive the peer.
    NamedPeer(const NodeContext& context, util::Url address);
    ~NamedPeer();

    void tick();   // to be called often: connects when it is time, and detects when a connection has ended
    void close();  // permanently
    // An inbound connection from this address came from ourselves; if it is our end of this connection, this
    // peer is ourselves.
    void mark_self(const std::string& own_address);

    [[nodiscard]] State state() const;
    // Why there is no connection; empty: none has failed or been lost.
    [[nodiscard]] const std::string& last_error() const { return last_error_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Connection* connection() const { return connection_.get(); }  // null: none

 private:
    void connect();
    void connected(Result<std::unique_ptr<net::Stream>> stream);
    void connection_ended();
    void failed(const std::string& reason, std::chrono::milliseconds ban);

    static constexpr unsigned kAttempts = 3;  // consecutive failures before a peer counts as unreachable

    const NodeContext& context_;
    util::Url address_;
    std::string name_;
    std::unique_ptr<net::Attempt> attempt_;
    std::unique_ptr<Connection> connection_;
    net::Backoff backoff_;
    std::chrono::milliseconds next_attempt_{};  // of the steady clock
    unsigned failures_ = 0;                     // in a row
    bool was_ready_ = false, banned_ = false, self_ = false, closed_ = false;
    std::string last_error_;
};

}  // namespace lode::p2p
