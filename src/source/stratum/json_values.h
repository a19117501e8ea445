// Checked values of a pool's messages. Lenient if the meaning is unambiguous: 18.0 and "18" are 18.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::source::stratum {

using Json = nlohmann::json;

// where: names the value in the Error.
tl::unexpected<Error> bad(const char* where, std::string what, std::string expected);
// Printable, cut to 40 characters.
std::string shown(const Json& value);
// Null if there is none.
const Json& member(const Json& object, const char* key);

std::optional<std::int64_t> integer(const Json& value);
std::optional<double> real(const Json& value);   // finite
std::optional<bool> boolean(const Json& value);  // 1 and "true" are true
Result<std::vector<std::uint8_t>> hex_bytes(const Json& value, const char* where);
Result<Hash256> hash(const Json& value, const char* where);  // wire byte order
// Big-endian hex, not necessarily padded. A bare number is ambiguous (hex or decimal), and an error.
Result<std::uint32_t> word(const Json& value, const char* where);

}  // namespace lode::source::stratum
