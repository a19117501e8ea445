// scheme://[user[:password]@]host[:port][/path], the subset of RFC 3986 that a miner needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lode/result.h"

namespace lode::util {

struct Url {
    std::string scheme;    // lower case; empty if there is none
    std::string user;      // percent-decoded
    std::string password;  // percent-decoded; never in safe()
    bool has_credentials = false;
    std::string host;        // lower case; IPv6 without its brackets
    std::uint16_t port = 0;  // 0: none given
    std::string path;        // "/" or longer; empty if there is none

    [[nodiscard]] std::string authority() const;  // host:port, IPv6 in brackets
    [[nodiscard]] std::string safe() const;       // scheme://host:port/path, no credentials: for logs
    friend bool operator==(const Url&, const Url&) = default;
};

// The Error names the part that is wrong and never repeats credentials.
Result<Url> parse_url(std::string_view text);
// The URL with user and password added, percent-encoded; unchanged if it has credentials already.
std::string with_credentials(std::string_view url, std::string_view user, std::string_view password);
// "host:port", "[v6]:port", ":port" or "port".
Result<Url> parse_host_port(std::string_view text, std::uint16_t default_port = 0);

}  // namespace lode::util
