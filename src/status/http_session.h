// One connection to the HTTP server. Heavy: for .cpp files of this module.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "net/timer.h"
#include "status/http_message.h"

namespace lode::status {

// Kept alive by its own operations; ends when the client leaves, is too slow, or has got its last answer.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
    using Answer = std::function<Response(const Request&)>;
    // A piece of the event stream, shared by all readers.
    using Piece = std::shared_ptr<const std::string>;
    // Called once the session has become an event stream; may call send() and keep it by weak_ptr.
    using Subscribe = std::function<void(const std::shared_ptr<HttpSession>&)>;

    static constexpr std::size_t kMaxQueued = 256 * 1024;  // bytes of events that the client has not read

    HttpSession(boost::asio::ip::tcp::socket socket, Answer answer, Subscribe subscribe);

    void start() { read(); }
    // Event streams only. A client that does not keep up is dropped.
    void send(const Piece& piece);

 private:
    using Reply = boost::beast::http::response<boost::beast::http::string_body>;

    void read();
    void refuse(boost::system::error_code error);
    void answer();
    void reply(Response response, const HttpParser::value_type* request);
    void replied(bool keep_alive);
    void linger();
    void discard();
    void stream();
    void watch_for_the_end();
    void write_next();
    void close();

    boost::beast::tcp_stream stream_;
    net::Timer stalled_;  // of an event stream's writes
    boost::beast::flat_static_buffer<kMaxHttpHeader + kMaxHttpBody> buffer_;
    std::optional<HttpParser> parser_;
    Reply reply_;
    std::function<void()> then_;
    Answer answer_;
    Subscribe subscribe_;
    std::deque<Piece> queue_;
    std::size_t queued_ = 0, discarded_ = 0;
    bool streaming_ = false;
};

}  // namespace lode::status
