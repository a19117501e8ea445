// The socket of a connection: received bytes, and a queue of bytes to send. Used on the io thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/scope.h"
#include "p2p/wire.h"

namespace lode::net {
class Stream;
}

namespace lode::p2p {

class PeerSocket {
 public:
    // Never called after close() or from inside a call; they must not destroy the socket, but may close it.
    struct Callbacks {
        std::function<void(std::span<const std::uint8_t>)> received;
        std::function<void()> sent;                      // one message was sent
        std::function<void(const std::string&)> failed;  // the connection was lost and is closed
    };

    PeerSocket(std::unique_ptr<net::Stream> stream, Callbacks callbacks);
    PeerSocket(const PeerSocket&) = delete;
    PeerSocket& operator=(const PeerSocket&) = delete;
    ~PeerSocket();

    void read();  // once; does nothing if a read is outstanding
    void send(Bytes message);
    void close();

    [[nodiscard]] bool closed() const { return scope_.closed(); }
    [[nodiscard]] std::size_t queued() const;   // bytes passed to send() and not yet sent
    [[nodiscard]] std::string address() const;  // of our end, as seen by the peer; empty: unknown

 private:
    // Socket and buffers, referred to by asynchronous operations, which own it: it may outlive this object.
    struct Io;

    void write();
    void failed(const std::string& reason);

    std::shared_ptr<Io> io_;
    Callbacks callbacks_;
    base::Scope scope_;
};

}  // namespace lode::p2p
