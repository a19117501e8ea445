// The client side of SOCKS5 (RFC 1928) with user and password (RFC 1929), without I/O. Names are resolved
// by the proxy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lode/result.h"

namespace lode::net {

class Socks5 {
 public:
    // host: a name or an IPv4 or IPv6 literal, 1 to 255 bytes. An empty user: no authentication.
    Socks5(std::string host, std::uint16_t port, std::string user, std::string password);

    // What to send first.
    [[nodiscard]] std::vector<std::uint8_t> greeting() const;
    // How many bytes to read next; 0 once connected.
    [[nodiscard]] std::size_t wants() const { return wants_; }
    // Takes exactly wants() bytes; returns what to send next, possibly nothing.
    [[nodiscard]] Result<std::vector<std::uint8_t>> feed(std::span<const std::uint8_t> bytes);

 private:
    enum class State { Method, Auth, ReplyHead, ReplyRest, Done };

    [[nodiscard]] std::vector<std::uint8_t> request();

    std::string host_, user_, password_;
    std::uint16_t port_;
    State state_ = State::Method;
    std::size_t wants_ = 2;
};

}  // namespace lode::net
