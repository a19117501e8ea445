// Accepts connections on a TCP port. Used on the executor's thread only.
#pragma once

#include <cstdint>
#include <functional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/scope.h"
#include "lode/result.h"
#include "net/timer.h"
#include "util/url.h"

namespace lode::net {

class Listener {
 public:
    using Accepted = std::function<void(boost::asio::ip::tcp::socket)>;  // must not destroy the listener

    Listener(const boost::asio::any_io_executor& executor, Accepted accepted);

    // An empty host means all addresses of this machine, port 0 any free port. Usage: not an IP address, or
    // in use.
    Result<void> listen(const util::Url& at);
    void close();
    [[nodiscard]] std::uint16_t port() const;  // 0: not listening

 private:
    void accept();

    Accepted accepted_;
    boost::asio::ip::tcp::acceptor acceptor_;
    Timer retry_;
    base::Scope scope_;
};

}  // namespace lode::net
