// Base64 (RFC 4648), with padding.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace lode::util {

std::string to_base64(std::span<const std::uint8_t> bytes);

}  // namespace lode::util
