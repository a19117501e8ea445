#include "source/sv2/certificate.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/base58.h"
#include "crypto/sha256.h"
#include "source/sv2/schnorr.h"
#include "source/sv2/wire.h"

namespace lode::source::sv2 {
namespace {

constexpr std::int64_t kTolerance = 10;  // seconds
constexpr std::size_t kMaxKeyText = 64;  // characters; a key has about 52

tl::unexpected<Error> refuse(std::string what, std::string expected) {
    return fail(ErrorKind::Refused, std::move(what), "the server's certificate", std::move(expected));
}

}  // namespace

Result<Bytes32> parse_authority_key(std::string_view text) {
    const auto refuse = [](const char* what) {
        return fail(ErrorKind::Usage, what, "authority key",
                    "the key that the pool publishes, about 52 characters");
    };
    if (text.size() > kMaxKeyText) return refuse("too long");
    const auto raw = crypto::decode_base58(text);
    if (!raw) return refuse("not base58");
    const auto payload = crypto::checked_payload(*raw);
    if (!payload) return refuse("wrong checksum, a character is mistyped or missing");
    std::span<const std::uint8_t> key = *payload;
    if (key.size() == 34) {
        if (key[0] != 1 || key[1] != 0) return refuse("of an unknown version");
        key = key.subspan(2);
    }
    Bytes32 out{};
    if (key.size() != out.size()) return refuse("of the wrong length");
    std::ranges::copy(key, out.begin());
    if (!secp256k1::lift_x(out)) return refuse("no point of secp256k1");
    return out;
}

Result<std::optional<Bytes32>> authority_of(const util::Url& url, bool insecure) {
    const std::string_view path = url.path;
    const std::string_view text = path.substr(std::min<std::size_t>(path.size(), 1));
    if (text.empty()) {
        if (insecure) return std::nullopt;
        return fail(ErrorKind::Usage, "no key of the server", url.safe(),
                    url.scheme + "://host:port/KEY, with the key that the server's operator publishes");
    }
    const auto key = parse_authority_key(text);
    if (!key) return tl::unexpected(key.error().at(url.authority()));
    return *key;
}

Certificate Certificate::parse(std::span<const std::uint8_t, kSize> bytes) {
    Certificate out;
    Reader in(bytes, "certificate");
    in(out.version, "version");
    in(out.valid_from, "valid_from");
    in(out.not_valid_after, "not_valid_after");
    std::ranges::copy(bytes.last<64>(), out.signature.begin());
    return out;
}

Bytes32 Certificate::digest(const Bytes32& server_key) const {
    Writer out;
    out(version);
    out(valid_from);
    out(not_valid_after);
    return crypto::Sha256().write(out.bytes()).write(server_key).finish();
}

Result<void> check_version(const Certificate& certificate) {
    if (certificate.version == 0) return {};
    return refuse(fmt::format("version {}", certificate.version), "version 0");
}

Result<void> check_validity(const Certificate& certificate, std::int64_t now) {
    if (now + kTolerance < certificate.valid_from)
        return refuse(fmt::format("not valid for another {} s", certificate.valid_from - now),
                      "validity now; is this machine's clock right?");
    if (now - kTolerance > certificate.not_valid_after)
        return refuse(fmt::format("expired {} s ago", now - certificate.not_valid_after),
                      "validity now; is this machine's clock right?");
    return {};
}

Result<void> check_signature(const Certificate& certificate, const Bytes32& server_key,
                             const Bytes32& authority) {
    if (verify_schnorr(authority, certificate.digest(server_key), certificate.signature)) return {};
    return refuse("not signed by the authority whose key the URL names", "the authority's signature");
}

Result<void> check_certificate(const Certificate& certificate, const Bytes32& server_key,
                               const std::optional<Bytes32>& authority, std::int64_t now) {
    if (auto good = check_version(certificate); !good) return good;
    if (auto good = check_validity(certificate, now); !good || !authority) return good;
    return check_signature(certificate, server_key, *authority);
}

}  // namespace lode::source::sv2
