// Detects a server that is not a Stratum V1 pool, by the first bytes it sends.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lode/error.h"

namespace lode::source::stratum {

// place: host:port. tls: the bytes came through TLS. The Error suggests the right URL, if known.
std::optional<Error> wrong_protocol(std::string_view first_bytes, const std::string& place, bool tls);

}  // namespace lode::source::stratum
