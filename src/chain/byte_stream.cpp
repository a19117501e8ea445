#include "chain/byte_stream.h"

#include <algorithm>

namespace lode::chain {
namespace {

constexpr std::size_t kReadAhead = 1 << 20;

// First the given bytes, then the source's.
ByteSource joined(std::vector<std::uint8_t> first, ByteSource then) {
    return [first = std::move(first), then = std::move(then),
            at = std::size_t{0}](std::span<std::uint8_t> out) mutable -> Result<std::size_t> {
        const std::size_t n = std::min(out.size(), first.size() - at);
        std::copy_n(first.begin() + static_cast<std::ptrdiff_t>(at), n, out.begin());
        at += n;
        if (n == out.size()) return n;
        auto rest = then(out.subspan(n));
        if (!rest) return rest;
        return n + *rest;
    };
}

}  // namespace

Result<std::span<const std::uint8_t>> ByteStream::peek(std::size_t n) {
    if (buffer_.size() - start_ < n && !ended_) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
        start_ = 0;
        const std::size_t held = buffer_.size();
        buffer_.resize(std::max(n, kReadAhead));
        const auto got = source_(std::span(buffer_).subspan(held));
        if (!got) {
            buffer_.resize(held);
            return tl::unexpected(got.error());
        }
        ended_ = *got < buffer_.size() - held;
        buffer_.resize(held + *got);
    }
    return std::span<const std::uint8_t>(buffer_).subspan(start_, std::min(n, buffer_.size() - start_));
}

void ByteStream::use(std::size_t n) {
    start_ += n;
    position_ += n;
}

void ByteStream::decode(const std::function<ByteSource(ByteSource)>& decoder) {
    source_ = decoder(
        joined({buffer_.begin() + static_cast<std::ptrdiff_t>(start_), buffer_.end()}, std::move(source_)));
    buffer_.clear();
    start_ = 0;
    ended_ = false;
    position_ = 0;
}

ByteSource unmask(ByteSource masked, const XorKey& key) {
    return [masked = std::move(masked), key,
            at = std::uint64_t{0}](std::span<std::uint8_t> out) mutable -> Result<std::size_t> {
        auto got = masked(out);
        if (!got) return got;
        for (std::uint8_t& byte : out.first(*got)) byte ^= key[at++ % key.size()];
        return got;
    };
}

}  // namespace lode::chain
