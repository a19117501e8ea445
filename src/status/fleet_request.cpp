#include "status/fleet_request.h"

#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "net/stream.h"
#include "net/timer.h"
#include "util/hex.h"

namespace lode::status {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

// Owned by the callbacks of its socket operations, which refer to its stream and buffers.
class FleetRequest::Exchange : public std::enable_shared_from_this<Exchange> {
 public:
    Exchange(const asio::any_io_executor& executor, const FleetMember& member, Handler handler)
        : handler_(std::move(handler)), deadline_(executor) {
        request_.method(http::verb::get);
        request_.target("/api/v1/status");
        request_.version(11);
        request_.set(http::field::host, member.url.authority());
        request_.set(http::field::user_agent, "lode");
        request_.set(http::field::accept, "application/json");
        request_.keep_alive(false);
        if (!member.token.empty()) request_.set(http::field::authorization, "Bearer " + member.token);
        parser_.body_limit(kMaxBody);
        parser_.header_limit(8 * 1024);
    }
    void start(const asio::any_io_executor& executor, const net::Dialer& dialer, const util::Url& url) {
        deadline_.after(kWithin, [this] {
            const auto self = shared_from_this();  // its request may release it meanwhile
            failed("no answer within " + std::to_string(kWithin.count()) + " s");
        });
        attempt_ = dialer.dial(executor, url.host, url.port,
                               [self = shared_from_this()](Result<std::unique_ptr<net::Stream>> stream) {
                                   self->connected(std::move(stream));
                               });
    }
    void cancel() {
        handler_ = nullptr;
        deadline_.cancel();
        attempt_.reset();
        if (stream_) stream_->close();
    }

 private:
    void connected(Result<std::unique_ptr<net::Stream>> stream) {
        attempt_.reset();
        if (!handler_) return;
        if (!stream) return finish(tl::unexpected(stream.error()));
        stream_ = std::move(*stream);
        http::async_write(*stream_, request_,
                          [self = shared_from_this()](error_code code, std::size_t) { self->written(code); });
    }
    void written(error_code code) {
        if (!handler_) return;
        if (code) return failed(code.message());
        http::async_read(*stream_, buffer_, parser_,
                         [self = shared_from_this()](error_code read, std::size_t) { self->received(read); });
    }
    void received(error_code code) {
        if (!handler_) return;
        if (code == http::error::body_limit || code == http::error::header_limit)
            return failed("the answer is too large");
        if (code) return failed(util::printable(code.message()));
        const unsigned status = parser_.get().result_int();
        if (status == 401 || status == 403) return failed("it wants another token");
        if (status != 200) return failed("HTTP status " + std::to_string(status));
        finish(std::move(parser_.get().body()));
    }
    void failed(std::string why) { finish(fail(ErrorKind::Unreachable, std::move(why))); }
    void finish(Result<std::string> body) {
        const auto handler = std::exchange(handler_, nullptr);
        cancel();
        if (handler) handler(std::move(body));
    }

    Handler handler_;  // empty once called or cancelled
    net::Timer deadline_;
    std::unique_ptr<net::Attempt> attempt_;
    std::unique_ptr<net::Stream> stream_;
    http::request<http::empty_body> request_;
    http::response_parser<http::string_body> parser_;
    boost::beast::flat_buffer buffer_;
};

FleetRequest::FleetRequest(const asio::any_io_executor& executor, const net::Dialer& dialer,
                           const FleetMember& member, Handler handler)
    : exchange_(std::make_shared<Exchange>(executor, member, std::move(handler))) {
    exchange_->start(executor, dialer, member.url);
}

FleetRequest::~FleetRequest() {
    exchange_->cancel();
}

}  // namespace lode::status
