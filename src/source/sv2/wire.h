// Stratum V2's data types (the specification, 3.1) from and to bytes. A message lists its fields once, as a
// function over an archive, which is a Reader or a Writer.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::source::sv2 {

using Bytes = std::vector<std::uint8_t>;

// Types of variable length, by their maximum length.
enum class Limit : std::uint32_t { B0_32 = 32, B0_255 = 255, B0_64K = 65535, B0_16M = (1u << 24) - 1 };
// Size of the length prefix, in bytes.
constexpr std::size_t prefix_size(Limit limit) {
    return limit <= Limit::B0_255 ? 1 : limit <= Limit::B0_64K ? 2 : 3;
}

// Never reads past its bytes. After the first field that is truncated or out of bounds the rest are left
// unchanged, and error() names it.
class Reader {
 public:
    Reader(std::span<const std::uint8_t> data, const char* message) : rest_(data), message_(message) {}

    void operator()(std::unsigned_integral auto& value, const char* field) {
        if (const auto bytes = take(sizeof value, field); !bytes.empty())
            value = static_cast<std::remove_reference_t<decltype(value)>>(number(bytes));
    }
    void operator()(bool& value, const char* field);
    void operator()(float& value, const char* field);
    void operator()(Hash256& value, const char* field);
    void operator()(Uint256& value, const char* field);
    void operator()(std::string& value, const char* field);  // STR0_255
    void operator()(Bytes& value, const char* field, Limit limit);
    void operator()(std::optional<std::uint32_t>& value, const char* field);
    void operator()(std::vector<Hash256>& value, const char* field);        // SEQ0_255[U256]
    void operator()(std::vector<std::uint32_t>& value, const char* field);  // SEQ0_64K[U32]
    void operator()(std::vector<Bytes>& value, const char* field);          // SEQ0_64K[B0_16M]

    // The last field, which older servers omit.
    void trailing(std::optional<std::uint32_t>& value, const char* field) {
        if (!rest_.empty()) (*this)(value.emplace(), field);
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
    static std::uint64_t number(std::span<const std::uint8_t> little_endian);
    std::span<const std::uint8_t> take(std::size_t size, const char* field);  // empty: after an error
    std::size_t length(std::size_t prefix, std::size_t most, const char* field);
    void refuse(std::string what, const char* field);

    std::span<const std::uint8_t> rest_;
    const char* message_;
    std::optional<Error> error_;
};

// Values longer than their type allows are truncated.
class Writer {
 public:
    void operator()(std::unsigned_integral auto value, const char* = nullptr) { number(value, sizeof value); }
    void operator()(bool value, const char* field);
    void operator()(float value, const char* field);
    void operator()(const Hash256& value, const char* field);
    void operator()(const Uint256& value, const char* field);
    void operator()(const std::string& value, const char* field);
    void operator()(const Bytes& value, const char* field, Limit limit);
    void operator()(const std::optional<std::uint32_t>& value, const char* field);
    void operator()(const std::vector<Hash256>& value, const char* field);
    void operator()(const std::vector<std::uint32_t>& value, const char* field);
    void operator()(const std::vector<Bytes>& value, const char* field);

    void trailing(const std::optional<std::uint32_t>& value, const char*) {
        if (value) number(*value, sizeof *value);
    }

    [[nodiscard]] const Bytes& bytes() const { return out_; }
    [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
    void number(std::uint64_t value, std::size_t size);
    void raw(std::span<const std::uint8_t> bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

    Bytes out_;
};

}  // namespace lode::source::sv2
