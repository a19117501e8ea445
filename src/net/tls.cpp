#include "net/tls.h"

#include <algorithm>
#include <span>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/x509v3.h>

#include "util/hex.h"

namespace lode::net {

namespace ssl = boost::asio::ssl;

std::optional<Fingerprint> parse_fingerprint(const std::string& text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c != ':'; });
    Fingerprint out{};
    if (!util::from_hex(digits, std::span(out))) return std::nullopt;
    return out;
}

Result<TlsPolicy> TlsPolicy::make(const DialOptions& options) {
    TlsPolicy policy;
    policy.context = std::make_shared<ssl::context>(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(policy.context->native_handle(), TLS1_2_VERSION);
    if (!options.tls_fingerprint.empty()) {
        policy.pinned = parse_fingerprint(options.tls_fingerprint);
        if (!policy.pinned)
            return fail(ErrorKind::Usage,
                        "bad fingerprint '" + util::printable(options.tls_fingerprint, 100) + "'",
                        "fingerprint", "SHA-256 of the certificate, 64 hex digits");
    }
    boost::system::error_code code;
    if (!options.tls_ca.empty()) {
        policy.context->load_verify_file(options.tls_ca, code);
        if (code)
            return fail(ErrorKind::Usage,
                        "cannot read '" + util::printable(options.tls_ca) + "': " + code.message(), "CA file",
                        "a file of PEM certificates");
    } else {
        policy.context->set_default_verify_paths(code);  // without any, verification fails and says so
    }
    policy.verify_chain = !options.tls_insecure && (!policy.pinned || !options.tls_ca.empty());
    policy.context->set_verify_mode(policy.verify_chain ? ssl::verify_peer : ssl::verify_none);
    return policy;
}

void TlsPolicy::prepare(SSL* handle, const std::string& host) const {
    boost::system::error_code not_literal;
    boost::asio::ip::make_address(host, not_literal);
    if (not_literal) {
        SSL_set_tlsext_host_name(handle, host.c_str());  // SNI is for names only (RFC 6066)
        SSL_set1_host(handle, host.c_str());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), host.c_str());
    }
}

std::optional<Error> TlsPolicy::check(SSL* handle) const {
    if (!pinned) return std::nullopt;
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(handle),
                                                                  X509_free);
    Fingerprint seen{};
    unsigned size = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), seen.data(), &size) != 1 ||
        size != seen.size())
        return Error{ErrorKind::Refused, "no certificate to compare", "TLS", {}};
    if (seen == *pinned) return std::nullopt;
    return Error{ErrorKind::Refused, "certificate with fingerprint " + util::to_hex(seen), "TLS",
                 util::to_hex(*pinned)};
}

Error TlsPolicy::explain(SSL* handle, const std::string& message) const {
    const long result = SSL_get_verify_result(handle);
    if (!verify_chain || result == X509_V_OK) return {ErrorKind::Unreachable, message, "TLS", {}};
    return {ErrorKind::Refused,
            std::string("certificate not accepted: ") + X509_verify_cert_error_string(result), "TLS",
            "one that verifies, or another CA or fingerprint to trust"};
}

}  // namespace lode::net
