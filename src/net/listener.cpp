#include "net/listener.h"

#include <chrono>
#include <string>
#include <utility>

#include <boost/asio/ip/v6_only.hpp>

#include "util/hex.h"

namespace lode::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kRetry{250};

}  // namespace

Listener::Listener(const asio::any_io_executor& executor, Accepted accepted)
    : accepted_(std::move(accepted)), acceptor_(executor), retry_(executor) {}

Result<void> Listener::listen(const util::Url& at) {
    const std::string where = "listening on " + util::printable(at.authority(), 100);
    error_code error;
    tcp::endpoint endpoint(tcp::v6(), at.port);  // accepts IPv4 too, if the system's default is dual-stack
    if (!at.host.empty()) {
        const auto address = asio::ip::make_address(at.host, error);
        if (error) return fail(ErrorKind::Usage, "not an IP address", where);
        endpoint.address(address);
    }
    acceptor_.open(endpoint.protocol(), error);
    if (error && at.host.empty()) {  // a machine without IPv6
        endpoint = tcp::endpoint(tcp::v4(), at.port);
        acceptor_.open(endpoint.protocol(), error);
    }
    if (!error && at.host.empty() && endpoint.address().is_v6())
        acceptor_.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error) return fail(ErrorKind::Usage, error.message(), where, "an address and port that are free");
    accept();
    return {};
}

void Listener::accept() {
    acceptor_.async_accept(scope_.guard([this](error_code error, tcp::socket socket) {
        // Most likely out of file descriptors.
        if (error) return retry_.after(kRetry, [this] { accept(); });
        accepted_(std::move(socket));
        if (!scope_.closed()) accept();
    }));
}

void Listener::close() {
    scope_.close();
    retry_.cancel();
    error_code ignored;
    acceptor_.close(ignored);
}

std::uint16_t Listener::port() const {
    error_code error;
    const auto endpoint = acceptor_.local_endpoint(error);
    return error ? std::uint16_t{0} : endpoint.port();
}

}  // namespace lode::net
