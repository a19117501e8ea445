// A socket with a session on it. Used on the io thread; ends by itself or by close(), after which its owner
// destroys it, but not from inside a call of the chain.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "p2p/peer_socket.h"
#include "p2p/session.h"
#include "p2p/wire.h"

namespace lode::p2p {

Now now();  // from the system's clocks

class Connection {
 public:
    // name: the peer's address for logs, printable. The chain must outlive the connection.
    Connection(std::unique_ptr<net::Stream> stream, std::string name, const Magic& magic, Chain& chain,
               const SessionSettings& settings);

    void start();
    void tick();
    void announce(std::span<const BlockHeader> headers);
    void request_headers();
    void close() { socket_.close(); }

    [[nodiscard]] bool closed() const { return socket_.closed(); }
    // Why it ended; without a ban if the socket failed. nullopt after close().
    [[nodiscard]] const std::optional<Drop>& end() const { return end_; }
    [[nodiscard]] const Session& session() const { return session_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& own_address() const { return own_address_; }  // as seen by the peer

 private:
    void advance();
    bool receive_next();
    void flush();

    // Bytes waiting to be sent. While there are more, the peer is neither read from nor answered: a peer that
    // sends requests but does not read uses no more memory than this, one message, and a read buffer.
    static constexpr std::size_t kMaxQueued = 1 << 20;

    std::string name_, own_address_;
    Magic magic_;
    FrameReader frames_;
    Session session_;
    std::optional<Drop> end_;
    PeerSocket socket_;
};

}  // namespace lode::p2p
