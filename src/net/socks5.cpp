#include "net/socks5.h"

#include <array>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace lode::net {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kVersion = 5, kNoAuth = 0, kUserPassword = 2, kNoneAcceptable = 0xff;
constexpr std::uint8_t kIpv4 = 1, kName = 3, kIpv6 = 4;

void append(Bytes& out, const std::string& text) {
    out.push_back(static_cast<std::uint8_t>(text.size()));  // at most 255, see the constructor
    out.insert(out.end(), text.begin(), text.end());
}

// RFC 1928, section 6.
const char* reply_text(std::uint8_t code) {
    constexpr std::array kTexts = {
        "succeeded",           "general failure",       "not allowed by its rules",
        "network unreachable", "host unreachable",      "connection refused",
        "TTL expired",         "command not supported", "address type not supported"};
    return code < kTexts.size() ? kTexts[code] : "unknown reply";
}

}  // namespace

Socks5::Socks5(std::string host, std::uint16_t port, std::string user, std::string password)
    : host_(std::move(host)), user_(std::move(user)), password_(std::move(password)), port_(port) {
    for (std::string* text : {&host_, &user_, &password_})
        if (text->size() > 255) text->resize(255);
}

std::vector<std::uint8_t> Socks5::greeting() const {
    if (user_.empty()) return {kVersion, 1, kNoAuth};
    return {kVersion, 2, kNoAuth, kUserPassword};
}

std::vector<std::uint8_t> Socks5::request() {
    state_ = State::ReplyHead;
    wants_ = 5;  // up to the first byte of the address, the length of a name
    Bytes out{kVersion, 1 /* connect */, 0};
    boost::system::error_code not_literal;
    const auto address = boost::asio::ip::make_address(host_, not_literal);
    if (not_literal) {
        out.push_back(kName);
        append(out, host_);
    } else if (address.is_v4()) {
        out.push_back(kIpv4);
        const auto bytes = address.to_v4().to_bytes();
        out.insert(out.end(), bytes.begin(), bytes.end());
    } else {
        out.push_back(kIpv6);
        const auto bytes = address.to_v6().to_bytes();
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    out.push_back(static_cast<std::uint8_t>(port_ >> 8));
    out.push_back(static_cast<std::uint8_t>(port_ & 0xff));
    return out;
}

Result<std::vector<std::uint8_t>> Socks5::feed(std::span<const std::uint8_t> bytes) {
    if (bytes.size() != wants_ || bytes.empty())
        return fail(ErrorKind::Internal, "wrong number of bytes fed to SOCKS5");
    switch (state_) {
        case State::Method:
            if (bytes[0] != kVersion)
                return fail(ErrorKind::Refused, "no SOCKS5 answer", {}, "a SOCKS5 proxy");
            if (bytes[1] == kNoAuth) return request();
            if (bytes[1] == kUserPassword && !user_.empty()) {
                state_ = State::Auth;
                wants_ = 2;
                Bytes out{1};  // version of the sub-negotiation
                append(out, user_);
                append(out, password_);
                return out;
            }
            if (bytes[1] == kNoneAcceptable)
                return fail(ErrorKind::Refused,
                            user_.empty() ? "requires a user and password" : "accepts no user and password",
                            {}, "socks5://[user:pass@]host:port");
            return fail(ErrorKind::Refused, "chose a method that was not offered");
        case State::Auth:
            if (bytes[1] != 0) return fail(ErrorKind::Refused, "user or password refused");
            return request();
        case State::ReplyHead: {
            if (bytes[0] != kVersion) return fail(ErrorKind::Refused, "no SOCKS5 answer");
            if (bytes[1] != 0)
                return fail(ErrorKind::Unreachable, std::string("could not connect: ") +
                                                        reply_text(bytes[1]) + " (" +
                                                        std::to_string(bytes[1]) + ")");
            // The proxy's bound address is not needed, but must be consumed.
            const std::size_t port = 2;
            if (bytes[3] == kIpv4) {
                wants_ = 3 + port;
            } else if (bytes[3] == kIpv6) {
                wants_ = 15 + port;
            } else if (bytes[3] == kName) {
                wants_ = bytes[4] + port;
            } else {
                return fail(ErrorKind::Refused, "answered with an unknown address type");
            }
            state_ = State::ReplyRest;
            return Bytes{};
        }
        case State::ReplyRest:
            state_ = State::Done;
            wants_ = 0;
            return Bytes{};
        case State::Done:
            break;
    }
    return fail(ErrorKind::Internal, "SOCKS5 was fed after its end");
}

}  // namespace lode::net
