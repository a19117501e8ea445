// Frames over a stream: the handshake, with a time-out, then frames in both directions.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include "net/timer.h"
#include "source/pool/connection.h"
#include "source/sv2/transport.h"

namespace lode::source::sv2 {

// Not thread-safe. The handlers must not destroy it.
class FrameConnection {
 public:
    struct Handlers {
        std::function<void()> established;  // before any frame
        std::function<void(const Frame&)> frame;
        std::function<void()> pause;        // after all frames of one read
        std::function<void(Error)> closed;  // by the other side, or because of its errors; the last call
    };

    FrameConnection(std::shared_ptr<net::Stream> stream, const boost::asio::any_io_executor& executor,
                    Transport transport, Handlers handlers);
    ~FrameConnection() { close(); }
    void start(std::chrono::milliseconds handshake_timeout);
    // Only after the handshake.
    void send(const Frame& frame);
    // No handler is called after it.
    void close();

    [[nodiscard]] const Transport& transport() const { return transport_; }

 private:
    void received(std::string_view bytes);
    void read_frames();
    void fail(Error error);

    Transport transport_;
    Handlers handlers_;
    std::shared_ptr<pool::Connection> connection_;
    net::Timer handshake_;
    bool open_ = true;
};

}  // namespace lode::source::sv2
