// A peer's address as text.
#pragma once

#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "util/url.h"

namespace lode::p2p {

// "1.2.3.4:8333", "[::1]:8333"
inline std::string text_of(const boost::asio::ip::tcp::endpoint& endpoint) {
    util::Url url;
    url.host = endpoint.address().to_string();
    url.port = endpoint.port();
    return url.authority();
}

}  // namespace lode::p2p
