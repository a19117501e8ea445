// The warning of every source over TLS whose server is not verified (net::Dialer::unverified()).
#pragma once

namespace lode::source {

inline constexpr const char* kUnverified =
    "the certificate is not verified: a man in the middle can read and change everything, "
    "including the payout";

}  // namespace lode::source
