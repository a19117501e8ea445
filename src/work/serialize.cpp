#include "work/serialize.h"

namespace lode::work {

void append(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_le(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void append_varint(std::vector<std::uint8_t>& out, std::uint64_t value) {
    if (value < 0xfd) return append_le(out, value, 1);
    const unsigned bytes = value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
    append_le(out, bytes == 2 ? 0xfd : bytes == 4 ? 0xfe : 0xff, 1);
    append_le(out, value, bytes);
}

}  // namespace lode::work
