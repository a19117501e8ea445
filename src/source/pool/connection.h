// Bytes over a stream, both ways, bounded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lode/error.h"

namespace lode::net {
class Stream;
}

namespace lode::source::pool {

// Kept alive by its reads and writes, which refer to the stream and the buffers.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
    struct Handlers {
        std::function<void(std::string_view)> received;  // the bytes of one read
        std::function<void(const Error&)> closed;        // by the other side; the last call
    };

    Connection(std::shared_ptr<net::Stream> stream, Handlers handlers);
    void start();
    // Does nothing once the other side has left too much unread.
    void send(std::string_view bytes);
    // No handler is called after it.
    void close();

 private:
    void read();
    void write();

    std::shared_ptr<net::Stream> stream_;
    Handlers handlers_;
    std::string chunk_, waiting_, being_sent_;
    bool open_ = true;
};

}  // namespace lode::source::pool
