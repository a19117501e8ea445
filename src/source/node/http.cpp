#include "source/node/http.h"

#include <optional>
#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "net/stream.h"
#include "net/timer.h"
#include "util/hex.h"

namespace lode::source::node {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

// One request and its answer. Holds the stream and buffers that the socket operations refer to, and is owned
// by their callbacks; everything else belongs to the connection.
class HttpConnection::Exchange : public std::enable_shared_from_this<Exchange> {
 public:
    Exchange(const asio::any_io_executor& executor, const net::Dialer& dialer, const util::Url& url,
             std::string body, const std::string& authorization, std::chrono::milliseconds timeout,
             Handler handler)
        : executor_(executor),
          dialer_(dialer),
          url_(url),
          handler_(std::move(handler)),
          timeout_timer_(executor) {
        request_.method(http::verb::post);
        request_.target(url.path.empty() ? "/" : url.path);
        request_.version(11);
        request_.set(http::field::host, url.authority());
        request_.set(http::field::user_agent, "lode");
        request_.set(http::field::content_type, "application/json");
        request_.set(http::field::accept, "application/json");
        if (!authorization.empty()) request_.set(http::field::authorization, authorization);
        request_.body() = std::move(body);
        request_.prepare_payload();
        timeout_timer_.after(timeout, [this] {
            const auto self = shared_from_this();  // its connection may release it meanwhile
            if (handler_)
                fail_with(ErrorKind::Unreachable, "no answer in time",
                          "a node's JSON-RPC; a pool's URL begins with stratum+tcp://");
        });
    }

    void start(std::shared_ptr<net::Stream> kept) {
        stream_ = std::move(kept);
        reused_ = stream_ != nullptr;
        if (reused_)
            write();
        else
            dial();
    }
    void cancel() {
        handler_ = nullptr;
        end();
        stream_.reset();
    }
    [[nodiscard]] bool busy() const { return static_cast<bool>(handler_); }
    std::shared_ptr<net::Stream> take_stream() { return std::exchange(stream_, nullptr); }

 private:
    void dial() {
        attempt_ = dialer_.dial(executor_, url_.host, url_.port,
                                [self = shared_from_this()](Result<std::unique_ptr<net::Stream>> stream) {
                                    self->attempt_.reset();
                                    if (!self->handler_) return;
                                    if (!stream) return self->finish(tl::unexpected(stream.error()));
                                    self->stream_ = std::move(*stream);
                                    self->write();
                                });
    }

    void write() {
        expect_answer();
        http::async_write(*stream_, request_,
                          [self = shared_from_this(), stream = stream_](error_code code, std::size_t) {
                              if (!self->handler_) return;
                              if (code) return self->broken(code);
                              self->read();
                          });
    }

    void expect_answer() {
        parser_.emplace();
        parser_->body_limit(kMaxAnswer);
        parser_->header_limit(16 * 1024);
    }
    void read() {
        http::async_read(*stream_, buffer_, *parser_,
                         [self = shared_from_this(), stream = stream_](error_code code, std::size_t) {
                             if (!self->handler_) return;
                             if (code) return self->broken(code);
                             self->answered();
                         });
    }

    void answered() {
        const unsigned status = parser_->get().result_int();
        // RFC 9110, 15.2: any number of those may come before the answer, as from a proxy.
        if (status < 200 && status != 101) {
            reused_ = false;
            expect_answer();
            return read();
        }
        HttpReply reply;
        reply.received = std::chrono::steady_clock::now();
        auto message = parser_->release();
        reply.status = message.result_int();
        reply.body = std::move(message.body());
        if (!message.keep_alive()) stream_.reset();
        finish(std::move(reply));
    }

    void broken(error_code code) {
        const bool nothing_read = !parser_->got_some();
        if (std::exchange(reused_, false) && nothing_read) {  // closed while idle: not an error of the node
            stream_.reset();
            buffer_.clear();
            return dial();
        }
        if (code == http::error::body_limit)
            return fail_with(ErrorKind::Malformed,
                             "answer of over " + std::to_string(kMaxAnswer >> 20) + " MB");
        const bool plain = url_.scheme == "http";
        const std::string secured = "https://" + url_.authority();
        if (got().starts_with("{"))
            return fail_with(ErrorKind::Malformed, "the server answers with a line of JSON, as a pool does",
                             (plain ? "stratum+tcp://" : "stratum+ssl://") + url_.authority() +
                                 " for a pool, or another port of the node");
        if (plain && tls_alert()) return fail_with(ErrorKind::Malformed, "this port wants TLS", secured);
        const std::string hint = plain ? "a node's JSON-RPC; " + secured + " where the port wants TLS" : "";
        if (nothing_read && code == asio::error::connection_reset)
            return fail_with(ErrorKind::Unreachable, "hung up without an answer (" + code.message() + ")",
                             hint);
        if (code == http::error::end_of_stream || code == http::error::partial_message ||
            code == asio::error::eof)
            return nothing_read
                       ? fail_with(ErrorKind::Unreachable, "closed the connection without an answer", hint)
                       : fail_with(ErrorKind::Unreachable, "closed the connection within an answer");
        const bool not_http = code.category() == make_error_code(http::error::bad_version).category();
        fail_with(not_http ? ErrorKind::Malformed : ErrorKind::Unreachable,
                  not_http ? "not HTTP (" + util::printable(code.message()) + ")" : code.message());
    }
    // RFC 8446, 5.1: what came begins with a record of the type alert.
    [[nodiscard]] bool tls_alert() const { return got().starts_with("\x15\x03"); }
    // What came and is not read yet.
    [[nodiscard]] std::string_view got() const {
        return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
    }
    void fail_with(ErrorKind kind, std::string what, std::string expected = "") {
        stream_.reset();
        if (expected.empty() && kind == ErrorKind::Malformed) expected = "a node's JSON-RPC";
        finish(fail(kind, std::move(what), {}, std::move(expected)));
    }
    void finish(Result<HttpReply> result) {
        end();
        if (auto handler = std::exchange(handler_, nullptr)) handler(std::move(result));
    }
    void end() {
        timeout_timer_.cancel();
        attempt_.reset();
        if (handler_ == nullptr && stream_) stream_->close();
    }

    asio::any_io_executor executor_;
    const net::Dialer& dialer_;
    const util::Url& url_;
    Handler handler_;  // empty once called or cancelled
    net::Timer timeout_timer_;
    std::unique_ptr<net::Attempt> attempt_;
    std::shared_ptr<net::Stream> stream_;
    http::request<http::string_body> request_;
    std::optional<http::response_parser<http::string_body>> parser_;
    boost::beast::flat_buffer buffer_;
    bool reused_ = false;
};

HttpConnection::HttpConnection(asio::any_io_executor executor, net::Dialer dialer, util::Url url)
    : executor_(std::move(executor)), dialer_(std::move(dialer)), url_(std::move(url)) {}

HttpConnection::~HttpConnection() {
    cancel();
}

void HttpConnection::cancel() {
    if (exchange_) exchange_->cancel();
    exchange_.reset();
}

void HttpConnection::post(std::string body, const std::string& authorization,
                          std::chrono::milliseconds timeout, Handler handler) {
    auto kept = exchange_ && !exchange_->busy() ? exchange_->take_stream() : nullptr;
    cancel();
    exchange_ = std::make_shared<Exchange>(executor_, dialer_, url_, std::move(body), authorization, timeout,
                                           std::move(handler));
    exchange_->start(std::move(kept));
}

}  // namespace lode::source::node
