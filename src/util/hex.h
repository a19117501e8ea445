// Hexadecimal text; making untrusted text safe to print.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lode::util {

std::string to_hex(std::span<const std::uint8_t> bytes);
// An even number of digits of either case, nothing else; at most max_bytes bytes.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view hex, std::size_t max_bytes = 32u << 20);
// Exactly out.size() bytes.
bool from_hex(std::string_view hex, std::span<std::uint8_t> out);
// 1 to 8 hex digits, not necessarily padded, with or without "0x".
std::optional<std::uint32_t> hex_u32(std::string_view hex);

// The text with control characters, escape sequences and bytes that are not UTF-8 replaced by '?', cut to max
// bytes. For all text from the network or a file that goes to a terminal, a log or JSON.
std::string printable(std::string_view text, std::size_t max = 200);

}  // namespace lode::util
