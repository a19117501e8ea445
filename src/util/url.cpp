#include "util/url.h"

#include <algorithm>
#include <charconv>

#include "util/hex.h"

namespace lode::util {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool word(std::string_view text, std::string_view extra) {
    return std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               extra.find(c) != std::string_view::npos;
    });
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto value = text.size() - i > 2 ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
        if (!value) return std::nullopt;
        out += static_cast<char>(value->front());
        i += 2;
    }
    return out;
}

// All but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (word(std::string_view(&c, 1), "-._~")) {
            out += c;
        } else {
            const auto byte = static_cast<std::uint8_t>(c);
            out += "%" + to_hex(std::span(&byte, 1));
        }
    }
    return out;
}

Result<std::uint16_t> parse_port(std::string_view text) {
    unsigned value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size() || value == 0 || value > 65535)
        return fail(ErrorKind::Usage, "bad port '" + printable(text, 20) + "'", {}, "1 to 65535");
    return static_cast<std::uint16_t>(value);
}

Result<void> parse_authority(std::string_view text, Url& url) {
    std::string_view port;
    bool has_port = false;
    if (!text.empty() && text[0] == '[') {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return fail(ErrorKind::Usage, "'[' without ']' in the host");
        url.host = lower(text.substr(1, close - 1));
        if (!word(url.host, ":.%") || url.host.find(':') == std::string::npos)
            return fail(ErrorKind::Usage, "bad IPv6 address '" + printable(url.host, 60) + "'");
        text.remove_prefix(close + 1);
        if (!text.empty() && text[0] != ':')
            return fail(ErrorKind::Usage, "something other than a port after ']'");
        has_port = !text.empty();
        port = has_port ? text.substr(1) : text;
    } else {
        const auto colon = text.rfind(':');
        has_port = colon != std::string_view::npos;
        url.host = lower(text.substr(0, colon));
        port = has_port ? text.substr(colon + 1) : std::string_view();
        if (!word(url.host, "-._"))
            return fail(ErrorKind::Usage, "bad host '" + printable(url.host, 60) + "'");
    }
    if (!has_port) return {};
    const auto number = parse_port(port);
    if (!number) return tl::unexpected(number.error());
    url.port = *number;
    return {};
}

}  // namespace

std::string Url::authority() const {
    const std::string name = host.find(':') != std::string::npos ? "[" + host + "]" : host;
    return port == 0 ? name : name + ":" + std::to_string(port);
}

std::string Url::safe() const {
    return (scheme.empty() ? "" : scheme + "://") + authority() + (path == "/" ? "" : path);
}

Result<Url> parse_url(std::string_view text) {
    constexpr auto kForm = "[scheme://][user:password@]host:port";
    if (text.size() > 2048) return fail(ErrorKind::Usage, "URL of over 2048 characters", {}, kForm);
    constexpr std::string_view kBlanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
    Url url;
    if (const auto mark = text.find("://"); mark != std::string_view::npos) {
        url.scheme = lower(text.substr(0, mark));
        if (url.scheme.empty() || !word(url.scheme, "+-."))
            return fail(ErrorKind::Usage, "bad scheme in the URL", {}, kForm);
        text.remove_prefix(mark + 3);
    }
    // Passwords often contain an unescaped '@': the host comes after the last one. A fragment, such as the
    // #xnsub of some pools, is ignored: what it requests is done anyway.
    const auto host = text.rfind('@') == std::string_view::npos ? 0 : text.rfind('@');
    text = text.substr(0, text.find('#', host));
    const auto slash = text.find('/', host);
    if (slash != std::string_view::npos) url.path = text.substr(slash);
    std::string_view authority = text.substr(0, slash);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto credentials = authority.substr(0, at);
        const auto colon = credentials.find(':');
        const auto user = percent_decode(credentials.substr(0, colon));
        const auto password = percent_decode(colon == std::string_view::npos ? std::string_view()
                                                                             : credentials.substr(colon + 1));
        if (!user || !password)
            return fail(ErrorKind::Usage, "bad %-escape in the URL's credentials", {}, kForm);
        url.user = *user;
        url.password = *password;
        url.has_credentials = true;
        authority.remove_prefix(at + 1);
    }
    if (const auto parsed = parse_authority(authority, url); !parsed)
        return tl::unexpected(Error{ErrorKind::Usage, parsed.error().what, "URL", kForm});
    if (url.host.empty()) return fail(ErrorKind::Usage, "URL without a host", {}, kForm);
    return url;
}

std::string with_credentials(std::string_view url, std::string_view user, std::string_view password) {
    if (const auto parsed = parse_url(url); parsed && parsed->has_credentials) return std::string(url);
    const auto mark = url.find("://");
    const std::size_t authority = mark == std::string_view::npos ? 0 : mark + 3;
    return std::string(url.substr(0, authority)) + percent_encode(user) + ":" + percent_encode(password) +
           "@" + std::string(url.substr(authority));
}

Result<Url> parse_host_port(std::string_view text, std::uint16_t default_port) {
    Url url;
    url.port = default_port;
    const bool bare_port =
        !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    const std::string spelled = bare_port ? ":" + std::string(text) : std::string(text);
    if (const auto parsed = parse_authority(spelled, url); !parsed)
        return tl::unexpected(
            Error{ErrorKind::Usage, parsed.error().what, printable(text, 80), "[host:]port"});
    if (url.port == 0) return fail(ErrorKind::Usage, "no port", printable(text, 80), "[host:]port");
    return url;
}

}  // namespace lode::util
