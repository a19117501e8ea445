#include "status/access.h"

#include <algorithm>

#include <boost/asio/ip/address.hpp>
#include <openssl/crypto.h>

#include "status/machine.h"
#include "util/url.h"

namespace lode::status {
namespace {

constexpr std::size_t kMinToken = 8, kMaxToken = 256;
constexpr std::string_view kBearer = "Bearer ";

// Of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

// Takes the same time for all texts of the same length.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

Result<void> check_options(const HttpOptions& options, bool loopback) {
    const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
    const auto& token = options.token;
    if (!token.empty() &&
        (token.size() < kMinToken || token.size() > kMaxToken || !std::ranges::all_of(token, visible)))
        return fail(ErrorKind::Usage, "the HTTP token cannot be used", {},
                    "8 to 256 visible ASCII characters");
    if (!loopback && token.empty() && !options.open_reading)
        return fail(ErrorKind::Usage, "the HTTP address can be reached by others", {},
                    "a token, or reading open to all");
    return {};
}

bool host_is_ours(std::string_view host, std::string_view machine) {
    const auto parsed = util::parse_host_port(host, 80);  // the port does not matter
    if (!parsed) return false;
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(parsed->host, not_an_address);
    if (!not_an_address) return true;
    const auto is = [&](std::string_view name) { return equal_ignoring_case(parsed->host, name); };
    return is("localhost") || (!machine.empty() && (is(machine) || is(std::string(machine) + ".local")));
}

Access::Token Access::token_of(const Request& request) const {
    const std::string_view header = request.authorization;
    if (token_.empty() || header.empty()) return Token::None;
    const bool bearer =
        header.size() > kBearer.size() && equal_ignoring_case(header.substr(0, kBearer.size()), kBearer);
    return bearer && equal_in_constant_time(header.substr(kBearer.size()), token_) ? Token::Right
                                                                                   : Token::Wrong;
}

std::optional<Response> Access::refuse_token(const Request& request) const {
    switch (token_of(request)) {
        case Token::Right:
            return std::nullopt;
        case Token::Wrong:
            return error_response(403, "wrong token");
        case Token::None:
            break;
    }
    auto response = error_response(401, "token required");
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"lode\"");
    return response;
}

// A foreign page does not have the token, and its browser names the host.
std::optional<Response> Access::refuse_host(const Request& request) const {
    if (token_of(request) == Token::Right) return std::nullopt;
    if (request.host.empty() && request.may_name_no_host) return std::nullopt;
    if (request.host.empty()) return error_response(400, "no Host header");
    if (!host_is_ours(request.host, machine_name()))
        return error_response(421, "ask by IP address, localhost or this machine's name");
    return std::nullopt;
}

std::optional<Response> Access::refuse_reading(const Request& request) const {
    if (auto refused = refuse_host(request)) return refused;
    return read_needs_token_ ? refuse_token(request) : std::nullopt;
}

std::optional<Response> Access::refuse_acting(const Request& request) const {
    if (auto refused = refuse_host(request)) return refused;
    if (token_.empty())
        return error_response(403, "actions require a token, and lode was started without one");
    return refuse_token(request);
}

}  // namespace lode::status
