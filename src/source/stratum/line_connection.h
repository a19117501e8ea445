// Lines over a stream, both ways, bounded.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lode/error.h"

namespace lode::source::net {
class Stream;
}

namespace lode::source::stratum {

class LineConnection : public std::enable_shared_from_this<LineConnection> {
 public:
    struct Handlers {
        std::function<void(std::string_view)> line;  // without its '\n'
        std::function<void()> pause;  // after the lines that came together: what is due can be done
        std::function<void(const Error&)> closed;  // by the other side, or for its faults; last
    };

    LineConnection(std::shared_ptr<net::Stream> stream, Handlers handlers);
    void start();
    // Adds '\n'. Not sent any more once the other side has left too much unread.
    void send(std::string_view line);
    // No handler is called after it.
    void close();

 private:
    void read();
    void received(std::size_t size);
    void write();
    void fail(Error error);

    std::shared_ptr<net::Stream> stream_;
    Handlers handlers_;
    std::string chunk_, partial_;  // just read; the beginning of a line
    std::string waiting_, being_sent_;
    bool open_ = true;
};

}  // namespace lode::source::stratum
