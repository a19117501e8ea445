// Base58 in Bitcoin's alphabet, and the checksum of addresses and keys ("base58check").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lode::crypto {

// nullopt for an invalid character. Time is quadratic in the length: bound it before the call.
std::optional<std::vector<std::uint8_t>> decode_base58(std::string_view text);
// The data without its 4-byte checksum; nullopt if the checksum is wrong.
std::optional<std::span<const std::uint8_t>> checked_payload(std::span<const std::uint8_t> raw);

}  // namespace lode::crypto
