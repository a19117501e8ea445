// Access control of the HTTP server.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lode/result.h"
#include "status/request.h"

namespace lode::status {

struct HttpOptions {
    std::string listen;  // [ADDR:]PORT; empty: no server. Without ADDR, 127.0.0.1; port 0 is any free one
    std::string token;   // bearer token (RFC 6750), 8 to 256 visible ASCII characters; empty: none
    bool open_reading = false;  // an address other than loopback may be read without the token
    std::string fleet{};        // file that lists other machines; empty: none
};

// Usage: a token of the wrong form, or an address that others reach with neither token nor open_reading.
Result<void> check_options(const HttpOptions& options, bool loopback);

// Immutable.
class Access {
 public:
    Access(const HttpOptions& options, bool loopback)
        : token_(options.token), read_needs_token_(!loopback && !options.open_reading) {}

    // Why the request is refused: 400 without a Host, 421 for a foreign one, 401 without a token, 403 with a
    // wrong one, or where the server has none.
    [[nodiscard]] std::optional<Response> refuse_reading(const Request& request) const;
    [[nodiscard]] std::optional<Response> refuse_acting(const Request& request) const;
    // Checks the Host only: for answers that reveal nothing about this miner.
    [[nodiscard]] std::optional<Response> refuse_host(const Request& request) const;

 private:
    enum class Token { None, Wrong, Right };
    [[nodiscard]] Token token_of(const Request& request) const;
    [[nodiscard]] std::optional<Response> refuse_token(const Request& request) const;

    std::string token_;
    bool read_needs_token_;
};

// Whether a foreign page could not have made its visitors' browsers resolve the name to this machine (DNS
// rebinding): an IP address, localhost, or this machine's own name.
bool host_is_ours(std::string_view host, std::string_view machine);

}  // namespace lode::status
