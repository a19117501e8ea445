// A byte stream with peek, and optional decoding (gzip, XOR). Memory is bounded by the largest peek.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "lode/result.h"
#include "util/gzip.h"

namespace lode::chain {

using util::ByteSource;

class ByteStream {
 public:
    explicit ByteStream(ByteSource source) : source_(std::move(source)) {}

    // Up to n next bytes, without consuming them; fewer at the end. Valid until the next call.
    Result<std::span<const std::uint8_t>> peek(std::size_t n);
    void use(std::size_t n);  // consumes n bytes, at most what was peeked
    [[nodiscard]] std::uint64_t position() const { return position_; }  // bytes used so far

    // Decodes everything not consumed yet; positions count from zero again.
    void decode(const std::function<ByteSource(ByteSource)>& decoder);

 private:
    ByteSource source_;
    std::vector<std::uint8_t> buffer_;
    std::size_t start_ = 0;  // bytes of the buffer already consumed
    bool ended_ = false;
    std::uint64_t position_ = 0;
};

// The key with which a node obfuscates its block files (xor.dat, since Bitcoin Core 28): byte i of the file
// is XORed with byte i % 8 of the key.
using XorKey = std::array<std::uint8_t, 8>;
[[nodiscard]] ByteSource unmask(ByteSource masked, const XorKey& key);

}  // namespace lode::chain
