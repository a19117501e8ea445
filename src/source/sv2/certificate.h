// Authentication of a Stratum V2 server: the authority's public key in the URL, and the certificate in which
// the authority signs the server's static key (the specification, 4.5.3 and 4.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lode/result.h"
#include "source/sv2/secp256k1.h"
#include "util/url.h"

namespace lode::source::sv2 {

// base58check of 01 00 and the x coordinate; of the x coordinate alone in older keys. Usage: what is wrong.
Result<Bytes32> parse_authority_key(std::string_view text);
// That of scheme://host:port/KEY. Without one: Usage, or nothing where that is allowed (insecure).
Result<std::optional<Bytes32>> authority_of(const util::Url& url, bool insecure);

struct Certificate {
    static constexpr std::size_t kSize = 74;

    std::uint16_t version = 0;
    std::uint32_t valid_from = 0, not_valid_after = 0;  // seconds since 1970
    Bytes64 signature{};                                // BIP 340

    static Certificate parse(std::span<const std::uint8_t, kSize> bytes);
    // The hash that the authority signs.
    [[nodiscard]] Bytes32 digest(const Bytes32& server_key) const;
};

// The three checks of check_certificate(), in its order. now: seconds since 1970; clocks may differ by 10 s.
Result<void> check_version(const Certificate& certificate);
Result<void> check_validity(const Certificate& certificate, std::int64_t now);
Result<void> check_signature(const Certificate& certificate, const Bytes32& server_key,
                             const Bytes32& authority);

// Clocks may differ by 10 s. now: seconds since 1970. Without an authority the signature is not checked.
// Refused: which check failed.
Result<void> check_certificate(const Certificate& certificate, const Bytes32& server_key,
                               const std::optional<Bytes32>& authority, std::int64_t now);

}  // namespace lode::source::sv2
