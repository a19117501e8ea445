// The exchange of 'version' and 'verack' that begins a session.
#pragma once

#include <chrono>

#include "p2p/session_context.h"

namespace lode::p2p {

class Handshake {
 public:
    // The connecting side sends its version at once; the other waits for it. The context must outlive this.
    Handshake(SessionContext& context, Now now);

    void receive(const Message& message, Now now);  // until it is done
    void tick(Now now);

    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] const Version& peer() const { return peer_; }

 private:
    void receive_version(const Version& version, Now now);
    void send_version(Now now);

    SessionContext& context_;
    std::chrono::milliseconds started_;
    Version peer_;
    bool has_version_ = false, done_ = false;
};

}  // namespace lode::p2p
