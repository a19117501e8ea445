#include "chain/serialize.h"

#include <algorithm>

namespace lode::chain {

std::span<const std::uint8_t> Reader::bytes(std::size_t size) {
    if (!ok_ || size > rest_.size()) {
        ok_ = false;
        rest_ = {};
        return {};
    }
    const auto head = rest_.first(size);
    rest_ = rest_.subspan(size);
    return head;
}

std::uint8_t Reader::u8() {
    const auto raw = bytes(1);
    return raw.empty() ? std::uint8_t{0} : raw[0];
}

std::uint32_t Reader::u32() {
    std::uint32_t value = 0;
    const auto raw = bytes(4);
    for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | raw[i];
    return value;
}

std::uint64_t Reader::u64() {
    std::uint64_t value = 0;
    const auto raw = bytes(8);
    for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | raw[i];
    return value;
}

std::uint64_t Reader::compact_size() {
    const std::uint8_t first = u8();
    if (first < 0xfd) return first;
    const unsigned size = first == 0xfd ? 2 : first == 0xfe ? 4 : 8;
    std::uint64_t value = 0;
    const auto raw = bytes(size);
    for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | raw[i];
    const std::uint64_t least = size == 2 ? 0xfd : size == 4 ? 0x10000 : 0x100000000;
    if (value < least) ok_ = false;  // also at the end of the bytes
    return ok_ ? value : 0;
}

std::size_t Reader::count(std::size_t max) {
    const std::uint64_t value = compact_size();
    if (value > max) ok_ = false;
    return ok_ ? static_cast<std::size_t>(value) : 0;
}

Hash256 Reader::hash() {
    Hash256 hash;
    std::ranges::copy(bytes(hash.bytes.size()), hash.bytes.begin());
    return hash;
}

Writer& Writer::u8(std::uint8_t value) {
    out_.push_back(value);
    return *this;
}

Writer& Writer::u32(std::uint32_t value) {
    for (int i = 0; i < 4; ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
}

Writer& Writer::u64(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
}

Writer& Writer::compact_size(std::uint64_t value) {
    if (value < 0xfd) return u8(static_cast<std::uint8_t>(value));
    const int size = value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
    u8(size == 2 ? 0xfd : size == 4 ? 0xfe : 0xff);
    for (int i = 0; i < size; ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
}

Writer& Writer::hash(const Hash256& hash) {
    return bytes(hash.bytes);
}

Writer& Writer::bytes(std::span<const std::uint8_t> bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
}

}  // namespace lode::chain
