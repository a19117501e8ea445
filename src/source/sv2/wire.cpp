#include "source/sv2/wire.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace lode::source::sv2 {
namespace {

constexpr std::size_t kMax255 = 255, kMax64K = 65535;

std::span<const std::uint8_t> as_bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

void Reader::refuse(std::string what, const char* field) {
    if (error_) return;
    error_ = Error{ErrorKind::Malformed, fmt::format("{} {}", field, what), message_, {}};
    rest_ = {};
}

std::span<const std::uint8_t> Reader::take(std::size_t size, const char* field) {
    if (size > rest_.size()) refuse("is cut off", field);
    if (error_) return {};
    const auto bytes = rest_.first(size);
    rest_ = rest_.subspan(size);
    return bytes;
}

std::uint64_t Reader::number(std::span<const std::uint8_t> little_endian) {
    std::uint64_t value = 0;
    for (std::size_t i = little_endian.size(); i-- > 0;) value = value << 8 | little_endian[i];
    return value;
}

std::size_t Reader::length(std::size_t prefix, std::size_t most, const char* field) {
    const auto size = static_cast<std::size_t>(number(take(prefix, field)));
    if (size <= most) return size;
    refuse(fmt::format("has {} elements, more than {}", size, most), field);
    return 0;
}

void Reader::operator()(bool& value, const char* field) {
    if (const auto bytes = take(1, field); !bytes.empty())
        value = (bytes[0] & 1) != 0;  // the other 7 bits are ignored
}

void Reader::operator()(float& value, const char* field) {
    std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    (*this)(bits, field);
    value = std::bit_cast<float>(bits);
}

void Reader::operator()(Hash256& value, const char* field) {
    std::ranges::copy(take(value.bytes.size(), field), value.bytes.begin());
}

void Reader::operator()(Uint256& value, const char* field) {
    if (const auto bytes = take(32, field); !bytes.empty()) value = Uint256::from_le_bytes(bytes.first<32>());
}

void Reader::operator()(std::string& value, const char* field) {
    const auto bytes = take(length(1, kMax255, field), field);
    value.assign(bytes.begin(), bytes.end());
}

void Reader::operator()(Bytes& value, const char* field, Limit limit) {
    const auto bytes = take(length(prefix_size(limit), static_cast<std::size_t>(limit), field), field);
    value.assign(bytes.begin(), bytes.end());
}

void Reader::operator()(std::optional<std::uint32_t>& value, const char* field) {
    if (length(1, 1, field) == 1) (*this)(value.emplace(), field);
}

void Reader::operator()(std::vector<Hash256>& value, const char* field) {
    const auto bytes = take(32 * length(1, kMax255, field), field);
    value.resize(bytes.size() / 32);
    for (std::size_t i = 0; i < value.size(); ++i)
        std::ranges::copy(bytes.subspan(32 * i, 32), value[i].bytes.begin());
}

void Reader::operator()(std::vector<std::uint32_t>& value, const char* field) {
    const auto bytes = take(4 * length(2, kMax64K, field), field);
    value.resize(bytes.size() / 4);
    for (std::size_t i = 0; i < value.size(); ++i)
        value[i] = static_cast<std::uint32_t>(number(bytes.subspan(4 * i, 4)));
}

void Reader::operator()(std::vector<Bytes>& value, const char* field) {
    for (std::size_t left = length(2, kMax64K, field); left > 0 && !error_; --left)
        (*this)(value.emplace_back(), field, Limit::B0_16M);
}

void Writer::number(std::uint64_t value, std::size_t size) {
    for (; size > 0; --size, value >>= 8) out_.push_back(static_cast<std::uint8_t>(value));
}

void Writer::operator()(bool value, const char*) {
    number(value ? 1 : 0, 1);
}

void Writer::operator()(float value, const char*) {
    number(std::bit_cast<std::uint32_t>(value), 4);
}

void Writer::operator()(const Hash256& value, const char*) {
    raw(value.bytes);
}

void Writer::operator()(const Uint256& value, const char*) {
    raw(value.to_le_bytes());
}

void Writer::operator()(const std::string& value, const char*) {
    const std::size_t size = std::min(value.size(), kMax255);
    number(size, 1);
    raw(as_bytes(value).first(size));
}

void Writer::operator()(const Bytes& value, const char*, Limit limit) {
    const std::size_t size = std::min(value.size(), static_cast<std::size_t>(limit));
    number(size, prefix_size(limit));
    raw(std::span(value).first(size));
}

void Writer::operator()(const std::optional<std::uint32_t>& value, const char*) {
    number(value ? 1 : 0, 1);
    if (value) number(*value, 4);
}

void Writer::operator()(const std::vector<Hash256>& value, const char*) {
    const std::size_t count = std::min(value.size(), kMax255);
    number(count, 1);
    for (const Hash256& hash : std::span(value).first(count)) raw(hash.bytes);
}

void Writer::operator()(const std::vector<std::uint32_t>& value, const char*) {
    const std::size_t count = std::min(value.size(), kMax64K);
    number(count, 2);
    for (const std::uint32_t element : std::span(value).first(count)) number(element, 4);
}

void Writer::operator()(const std::vector<Bytes>& value, const char* field) {
    const std::size_t count = std::min(value.size(), kMax64K);
    number(count, 2);
    for (const Bytes& element : std::span(value).first(count)) (*this)(element, field, Limit::B0_16M);
}

}  // namespace lode::source::sv2
