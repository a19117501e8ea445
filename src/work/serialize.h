// Bytes as they stand in transactions and blocks: little-endian numbers and CompactSize lengths.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lode::work {

void append(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes);
void append_le(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned bytes);
void append_varint(std::vector<std::uint8_t>& out, std::uint64_t value);

}  // namespace lode::work
