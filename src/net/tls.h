// Verification of a TLS server: by the system's CAs, a given CA, a pinned certificate, or none.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <openssl/ssl.h>

#include "lode/result.h"
#include "lode/source_options.h"

namespace boost::asio::ssl {
class context;
}

namespace lode::net {

using Fingerprint = std::array<std::uint8_t, 32>;  // SHA-256 of the certificate in DER

// 64 hex digits, colons between bytes allowed.
std::optional<Fingerprint> parse_fingerprint(const std::string& text);

struct TlsPolicy {
    std::shared_ptr<boost::asio::ssl::context> context;
    bool verify_chain = true;  // certificate chain and name
    std::optional<Fingerprint> pinned;

    // A pinned certificate needs no CA, unless one is given too. Usage: an invalid file or value.
    static Result<TlsPolicy> make(const DialOptions& options);
    // To be called before the handshake: sets SNI and the name to verify.
    void prepare(SSL* ssl, const std::string& host) const;
    // To be called after a successful handshake, before anything is sent.
    [[nodiscard]] std::optional<Error> check(SSL* ssl) const;
    // To be called after a failed handshake: the certificate error, if that was the reason.
    [[nodiscard]] Error explain(SSL* ssl, const std::string& message) const;
};

}  // namespace lode::net
