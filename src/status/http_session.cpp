#include "status/http_session.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace lode::status {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto kRequestWithin = 30s;  // from the last answer to the last byte of the next request
constexpr auto kWriteWithin = 10s;
constexpr auto kLinger = 1s;
constexpr std::size_t kMaxDiscarded = 256 * 1024;

}  // namespace

HttpSession::HttpSession(asio::ip::tcp::socket socket, Answer answer, Subscribe subscribe)
    : stream_(std::move(socket)),
      stalled_(stream_.get_executor()),
      answer_(std::move(answer)),
      subscribe_(std::move(subscribe)) {}

void HttpSession::read() {
    parser_.emplace();
    set_limits(*parser_);
    stream_.expires_after(kRequestWithin);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
        error ? self->refuse(error) : self->answer();
    });
}

void HttpSession::refuse(error_code error) {
    if (error == http::error::body_limit) return reply(error_response(413, "the body is too large"), nullptr);
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return reply(error_response(431, "the headers are too large"), nullptr);
    const bool not_http = error.category() == make_error_code(http::error::bad_version).category() &&
                          error != http::error::end_of_stream && error != http::error::partial_message;
    if (not_http) return reply(error_response(400, "not an HTTP request"), nullptr);
    close();  // the client left or was too slow
}

void HttpSession::answer() {
    const auto request = parser_->release();
    reply(answer_(request_of(request)), &request);
}

void HttpSession::reply(Response response, const HttpParser::value_type* request) {
    reply_ = {};
    reply_.result(response.status);
    reply_.version(11);
    reply_.set(http::field::content_type, response.type);
    reply_.set(http::field::cache_control, "no-store");
    reply_.set("X-Content-Type-Options", "nosniff");
    reply_.set("Cross-Origin-Resource-Policy", "same-origin");
    for (const auto& [name, value] : response.headers) reply_.set(name, value);
    then_ = std::move(response.then);
    const bool head = request != nullptr && request->method() == http::verb::head;
    streaming_ = response.events && !head;
    const bool keep_alive = request != nullptr && request->keep_alive() && !response.events;
    reply_.keep_alive(keep_alive);
    if (!response.events) reply_.content_length(response.body.size());
    if (!head) reply_.body() = std::move(response.body);
    stream_.expires_after(kWriteWithin);
    auto done = [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
        if (const auto then = std::exchange(self->then_, nullptr)) then();  // even if the client has left
        error ? self->close() : self->replied(keep_alive);
    };
    http::async_write(stream_, reply_, std::move(done));
}

void HttpSession::replied(bool keep_alive) {
    if (streaming_) return stream();
    keep_alive ? read() : linger();
}

// Unread input would reset the connection, and the client might never see the answer: read a bounded amount
// of it.
void HttpSession::linger() {
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLinger);
    discard();
}

void HttpSession::discard() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kMaxHttpHeader),
                            [self = shared_from_this()](error_code error, std::size_t bytes) {
                                self->discarded_ += bytes;
                                error || self->discarded_ > kMaxDiscarded ? self->close() : self->discard();
                            });
}

void HttpSession::stream() {
    stream_.expires_never();
    watch_for_the_end();
    subscribe_(shared_from_this());
}

void HttpSession::watch_for_the_end() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(1), [self = shared_from_this()](error_code, std::size_t) {
        self->close();  // the client left, or sent data that is not expected here
    });
}

void HttpSession::send(const Piece& piece) {
    if (!stream_.socket().is_open()) return;
    queued_ += piece->size();
    if (queued_ > kMaxQueued) return close();
    queue_.push_back(piece);
    if (queue_.size() == 1) write_next();
}

void HttpSession::write_next() {
    stalled_.after(kWriteWithin, [this] { close(); });
    asio::async_write(stream_, asio::buffer(*queue_.front()),
                      [self = shared_from_this()](error_code error, std::size_t) {
                          if (error) return self->close();
                          self->stalled_.cancel();
                          self->queued_ -= self->queue_.front()->size();
                          self->queue_.pop_front();
                          if (!self->queue_.empty()) self->write_next();
                      });
}

void HttpSession::close() {
    stalled_.cancel();
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.close();
}

}  // namespace lode::status
