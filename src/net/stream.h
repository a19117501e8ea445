// A connected byte stream, TCP or TLS: an AsyncStream for Asio's and Beast's composed operations. Expensive
// to compile: include it in .cpp files only.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <netinet/tcp.h>

#include "net/socket_option.h"

namespace lode::net {

// Not thread-safe. At most one read and one write outstanding; close() ends both with operation_aborted.
// Handlers must keep the stream alive (by shared_ptr) until they are called: TLS operations refer to it.
class Stream {
 public:
    using tcp = boost::asio::ip::tcp;
    using TlsStream = boost::asio::ssl::stream<tcp::socket&>;
    using executor_type = boost::asio::any_io_executor;

    explicit Stream(tcp::socket socket) : socket_(std::move(socket)) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { close(); }

    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
    [[nodiscard]] tcp::socket& socket() { return socket_; }
    // Switches to TLS; the caller does the handshake. The context must outlive the stream.
    TlsStream& add_tls(std::shared_ptr<boost::asio::ssl::context> context) {
        context_ = std::move(context);
        tls_ = std::make_unique<TlsStream>(socket_, *context_);
        return *tls_;
    }

    template <typename Buffers, typename Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        return tls_ ? tls_->async_read_some(buffers, std::forward<Handler>(handler))
                    : socket_.async_read_some(buffers, std::forward<Handler>(handler));
    }
    template <typename Buffers, typename Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        return tls_ ? tls_->async_write_some(buffers, std::forward<Handler>(handler))
                    : socket_.async_write_some(buffers, std::forward<Handler>(handler));
    }
    // Disables delayed ACKs: a peer with Nagle's algorithm sends its next line only after an ACK, which the
    // kernel may delay for 40 ms. Linux resets the option, so it is to be set after each read.
    void acknowledge() {
#ifdef TCP_QUICKACK
        boost::system::error_code ignored;
        socket_.set_option(SocketOption<IPPROTO_TCP, TCP_QUICKACK>(1), ignored);
#endif
    }
    // Immediately, without TLS's close_notify: none of our protocols relies on the end of the stream.
    void close() {
        boost::system::error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_both, ignored);
        socket_.close(ignored);
    }

 private:
    tcp::socket socket_;
    std::shared_ptr<boost::asio::ssl::context> context_;
    std::unique_ptr<TlsStream> tls_;
};

}  // namespace lode::net
