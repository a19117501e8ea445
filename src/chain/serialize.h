// The binary form of Bitcoin's structures: little-endian numbers, compact sizes, hashes. Input is untrusted:
// all sizes are bounded, nothing throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "lode/header.h"

namespace lode::chain {

// Reads in order. After the end of the bytes or a malformed value, every read returns zero or nothing and
// ok() stays false: read everything, then check once.
class Reader {
 public:
    explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    std::uint8_t u8();
    std::uint32_t u32();                 // little-endian
    std::uint64_t u64();                 // little-endian
    std::uint64_t compact_size();        // must be in its shortest form, as in Bitcoin Core
    std::size_t count(std::size_t max);  // a compact size that is at most max
    Hash256 hash();
    std::span<const std::uint8_t> bytes(std::size_t size);

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
    std::span<const std::uint8_t> rest_;
    bool ok_ = true;
};

class Writer {
 public:
    Writer() = default;
    explicit Writer(std::size_t expected_size) { out_.reserve(expected_size); }

    Writer& u8(std::uint8_t value);
    Writer& u32(std::uint32_t value);
    Writer& u64(std::uint64_t value);
    Writer& compact_size(std::uint64_t value);
    Writer& hash(const Hash256& hash);
    Writer& bytes(std::span<const std::uint8_t> bytes);
    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(out_); }

 private:
    std::vector<std::uint8_t> out_;
};

}  // namespace lode::chain
