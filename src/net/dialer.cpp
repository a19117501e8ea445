#include "net/dialer.h"

#include <array>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include "net/socket_option.h"
#include "net/socks5.h"
#include "net/stream.h"
#include "util/hex.h"

namespace lode::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Keep-alive and user time-out: a dead connection is detected within about a minute, idle or not.
void watch_peer(tcp::socket& socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
#ifdef TCP_KEEPIDLE
    socket.set_option(SocketOption<IPPROTO_TCP, TCP_KEEPIDLE>(30), ignored);   // seconds
    socket.set_option(SocketOption<IPPROTO_TCP, TCP_KEEPINTVL>(10), ignored);  // seconds
    socket.set_option(SocketOption<IPPROTO_TCP, TCP_KEEPCNT>(3), ignored);
#endif
#ifdef TCP_USER_TIMEOUT
    // milliseconds that sent data may stay unacknowledged
    socket.set_option(SocketOption<IPPROTO_TCP, TCP_USER_TIMEOUT>(45'000), ignored);
#endif
}

// Whether the other side's first bytes were not a TLS record.
bool no_tls(const error_code& code) {
    return code.category() == asio::error::get_ssl_category() &&
           ERR_GET_REASON(static_cast<unsigned long>(code.value())) == SSL_R_WRONG_VERSION_NUMBER;
}

}  // namespace

// Kept alive by its callbacks; cancelled through the caller's handle.
class Dialling : public std::enable_shared_from_this<Dialling> {
 public:
    Dialling(const asio::any_io_executor& executor, const Dialer& dialer, std::string host,
             std::uint16_t port, DialHandler handler)
        : dialer_(dialer),
          host_(std::move(host)),
          port_(port),
          handler_(std::move(handler)),
          resolver_(executor),
          timer_(executor),
          stream_(std::make_unique<Stream>(tcp::socket(executor))) {}

    void start() {
        const std::string& name = dialer_.proxy_ ? dialer_.proxy_->host : host_;
        const std::uint16_t port = dialer_.proxy_ ? dialer_.proxy_->port : port_;
        step("resolving " + name);
        resolver_.async_resolve(
            name, std::to_string(port), tcp::resolver::numeric_service,
            [self = shared_from_this()](error_code code, const tcp::resolver::results_type& found) {
                if (self->ended(code)) return;
                for (const auto& entry : found) self->endpoints_.push_back(entry.endpoint());
                self->connect_next();
            });
    }

    void cancel() {
        handler_ = nullptr;
        timer_.cancel();
        resolver_.cancel();
        if (stream_) stream_->close();
    }

 private:
    // Begins a step; after its time-out the socket is closed, which ends it with an error.
    void step(std::string what) { step(std::move(what), dialer_.step_timeout_); }
    void step(std::string what, std::chrono::milliseconds timeout) {
        step_ = std::move(what);
        timed_out_ = false;
        timer_.expires_after(timeout);
        timer_.async_wait([self = shared_from_this()](error_code code) {
            if (code || !self->handler_ || self->timer_.expiry() > std::chrono::steady_clock::now()) return;
            self->timed_out_ = true;
            self->resolver_.cancel();
            if (self->stream_) self->stream_->socket().close(code);
        });
    }

    void finish(Result<std::unique_ptr<Stream>> result) {
        timer_.cancel();
        if (auto handler = std::exchange(handler_, nullptr)) handler(std::move(result));
    }
    void failed(Error error) {
        stream_->close();
        finish(tl::unexpected(std::move(error)));
    }
    // True if the step failed and the attempt is over.
    bool ended(error_code code) {
        if (!handler_) return true;
        if (!code && !timed_out_) return false;
        failed({ErrorKind::Unreachable,
                timed_out_ ? "no answer within " + std::to_string(dialer_.step_timeout_.count() / 1000) + " s"
                           : code.message(),
                step_,
                {}});
        return true;
    }

    void connect_next() {
        if (endpoints_.empty()) {
            ended(asio::error::host_not_found);
            return;
        }
        const tcp::endpoint endpoint = endpoints_.front();
        endpoints_.pop_front();
        const auto timeout = endpoints_.empty() ? dialer_.step_timeout_ : dialer_.next_address_after_;
        step(dialer_.proxy_ ? "connecting to proxy " + dialer_.proxy_->authority() : "connecting", timeout);
        error_code ignored;
        stream_->socket().close(ignored);
        stream_->socket().async_connect(endpoint, [self = shared_from_this()](error_code code) {
            if ((code || self->timed_out_) && self->handler_ && !self->endpoints_.empty())
                return self->connect_next();
            if (self->ended(code)) return;
            watch_peer(self->stream_->socket());
            if (self->dialer_.proxy_) return self->begin_proxy();
            self->begin_tls();
        });
    }

    void begin_proxy() {
        const util::Url& proxy = *dialer_.proxy_;
        step("proxy " + proxy.authority());
        if (host_.size() > 255)
            return failed({ErrorKind::Usage, "host name of more than 255 bytes", step_, {}});
        socks_.emplace(host_, port_, proxy.user, proxy.password);
        proxy_send(socks_->greeting());
    }
    void proxy_send(std::vector<std::uint8_t> bytes) {
        bytes_ = std::move(bytes);
        asio::async_write(*stream_, asio::buffer(bytes_),
                          [self = shared_from_this()](error_code code, std::size_t) {
                              if (!self->ended(code)) self->proxy_receive();
                          });
    }
    void proxy_receive() {
        bytes_.resize(socks_->wants());
        asio::async_read(*stream_, asio::buffer(bytes_),
                         [self = shared_from_this()](error_code code, std::size_t) {
                             if (self->ended(code)) return;
                             auto answer = self->socks_->feed(self->bytes_);
                             if (!answer) return self->failed(answer.error().at(self->step_));
                             if (!answer->empty()) return self->proxy_send(std::move(*answer));
                             if (self->socks_->wants() > 0) return self->proxy_receive();
                             self->begin_tls();
                         });
    }

    void begin_tls() {
        if (!dialer_.tls_) return finish(std::move(stream_));
        step("TLS");
        Stream::TlsStream& tls = stream_->add_tls(dialer_.tls_->context);
        SSL* const handle = tls.native_handle();
        dialer_.tls_->prepare(handle, host_);
        tls.async_handshake(
            asio::ssl::stream_base::client, [self = shared_from_this(), handle](error_code code) {
                if (!self->handler_) return;
                if (self->timed_out_) return static_cast<void>(self->ended(code));
                if (no_tls(code))
                    return self->failed({ErrorKind::Malformed, "this port does not speak TLS", {}, {}});
                if (code) return self->failed(self->dialer_.tls_->explain(handle, code.message()));
                if (auto error = self->dialer_.tls_->check(handle)) return self->failed(std::move(*error));
                self->finish(std::move(self->stream_));
            });
    }

    const Dialer dialer_;
    const std::string host_;
    const std::uint16_t port_;
    DialHandler handler_;  // empty once called or cancelled
    tcp::resolver resolver_;
    asio::steady_timer timer_;
    std::unique_ptr<Stream> stream_;
    std::deque<tcp::endpoint> endpoints_;  // still to try
    std::optional<Socks5> socks_;
    std::vector<std::uint8_t> bytes_;  // to or from the proxy
    std::string step_;                 // for errors
    bool timed_out_ = false;
};

namespace {

class Handle : public Attempt {
 public:
    explicit Handle(std::shared_ptr<Dialling> dialling) : dialling_(std::move(dialling)) {}
    ~Handle() override { dialling_->cancel(); }

 private:
    std::shared_ptr<Dialling> dialling_;
};

}  // namespace

Result<Dialer> Dialer::make(const DialOptions& options, bool tls) {
    Dialer dialer;
    if (!options.proxy.empty()) {
        auto proxy = util::parse_url(options.proxy);
        if (!proxy) return tl::unexpected(proxy.error().at("proxy"));
        if (proxy->scheme != "socks5" && proxy->scheme != "socks5h")
            return fail(ErrorKind::Usage, "proxy scheme '" + proxy->scheme + "'", "proxy",
                        "socks5://[user:pass@]host:port");
        if (proxy->port == 0) proxy->port = 1080;  // RFC 1928
        dialer.proxy_ = std::move(*proxy);
    }
    if (tls) {
        auto policy = TlsPolicy::make(options);
        if (!policy) return tl::unexpected(policy.error());
        dialer.tls_ = std::move(*policy);
    }
    return dialer;
}

std::unique_ptr<Attempt> Dialer::dial(const asio::any_io_executor& executor, const std::string& host,
                                      std::uint16_t port, DialHandler handler) const {
    auto dialling = std::make_shared<Dialling>(executor, *this, host, port, std::move(handler));
    dialling->start();
    return std::make_unique<Handle>(std::move(dialling));
}

}  // namespace lode::net
