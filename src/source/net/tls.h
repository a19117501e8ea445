// Who is at the other end of a TLS connection: the system's or a given CA, a pinned certificate, or anybody.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <openssl/ssl.h>

#include "lode/result.h"
#include "source/options.h"

namespace boost::asio::ssl {
class context;
}

namespace lode::source::net {

using Fingerprint = std::array<std::uint8_t, 32>;  // SHA-256 of the certificate in DER

// 64 hex digits, colons between bytes allowed.
std::optional<Fingerprint> parse_fingerprint(const std::string& text);

struct TlsPolicy {
    std::shared_ptr<boost::asio::ssl::context> context;
    bool verify_chain = true;  // certificate chain and name
    std::optional<Fingerprint> pinned;

    // A pinned certificate needs no CA, unless one is named too. Usage where a file or value is bad.
    static Result<TlsPolicy> make(const SourceOptions& options);
    // Before the handshake: the name to ask for and to verify.
    void prepare(SSL* ssl, const std::string& host) const;
    // After a successful handshake, before anything is sent.
    [[nodiscard]] std::optional<Error> check(SSL* ssl) const;
    // After a failed one: why, as far as the certificate is the reason.
    [[nodiscard]] Error explain(SSL* ssl, const std::string& message) const;
};

}  // namespace lode::source::net
