// Lines over a stream, both ways, bounded.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lode/error.h"
#include "source/pool/connection.h"

namespace lode::source::stratum {

// Not thread-safe. The handlers must not destroy it.
class LineConnection {
 public:
    struct Handlers {
        std::function<void(std::string_view)> first_bytes;  // of the connection, before any line
        std::function<void(std::string_view)> line;         // without its '\n'
        std::function<void()> pause;               // after all lines of one read: time to act on them
        std::function<void(const Error&)> closed;  // by the other side, or for its errors; called last
    };

    LineConnection(std::shared_ptr<net::Stream> stream, Handlers handlers);
    LineConnection(const LineConnection&) = delete;
    LineConnection& operator=(const LineConnection&) = delete;
    ~LineConnection() { close(); }
    void start() { connection_->start(); }
    // Adds '\n'. Does nothing once the other side has left too much unread.
    void send(std::string_view line);
    // No handler is called after it.
    void close();

 private:
    void received(std::string_view bytes);
    void fail(const Error& error);

    Handlers handlers_;
    std::shared_ptr<pool::Connection> connection_;
    std::string partial_;  // an incomplete line
    bool open_ = true, begun_ = false;
};

}  // namespace lode::source::stratum
