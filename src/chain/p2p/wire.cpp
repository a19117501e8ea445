#include "chain/p2p/wire.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "util/hex.h"

namespace lode::p2p {
namespace {

constexpr std::size_t kCommandSize = 12;

std::array<std::uint8_t, 4> checksum(std::span<const std::uint8_t> payload) {
    const Hash256 hash = crypto::sha256d(payload);
    return {hash.bytes[0], hash.bytes[1], hash.bytes[2], hash.bytes[3]};
}

// Printable ASCII, then zeros up to the end.
std::optional<std::string> parse_command(std::span<const std::uint8_t> raw) {
    const auto zero = std::ranges::find(raw, 0);
    if (zero == raw.begin() || std::any_of(zero, raw.end(), [](std::uint8_t c) { return c != 0; }))
        return std::nullopt;
    if (std::any_of(raw.begin(), zero, [](std::uint8_t c) { return c < 0x20 || c > 0x7e; }))
        return std::nullopt;
    return std::string(raw.begin(), zero);
}

}  // namespace

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
    if (value < least) ok_ = false;  // also when the bytes have run out
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

Bytes envelope(const Magic& magic, std::string_view command, std::span<const std::uint8_t> payload) {
    std::array<std::uint8_t, kCommandSize> padded{};
    std::copy_n(command.begin(), std::min(command.size(), padded.size()), padded.begin());
    Writer out;
    out.bytes(magic).bytes(padded).u32(static_cast<std::uint32_t>(payload.size()));
    out.bytes(checksum(payload)).bytes(payload);
    return out.take();
}

void FrameReader::feed(std::span<const std::uint8_t> bytes) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Frame>> FrameReader::next() {
    const auto rest = std::span<const std::uint8_t>(buffer_).subspan(start_);
    if (rest.size() < kEnvelopeSize) return std::nullopt;
    Reader in(rest);
    const auto magic = in.bytes(magic_.size());
    if (!std::ranges::equal(magic, magic_))
        return fail(ErrorKind::Malformed, "network magic " + util::to_hex(magic), {}, util::to_hex(magic_));
    const auto command = parse_command(in.bytes(kCommandSize));
    if (!command) return fail(ErrorKind::Malformed, "a command that is not printable text padded with zeros");
    const std::uint32_t size = in.u32();
    if (size > kMaxPayload)
        return fail(ErrorKind::Malformed, fmt::format("'{}' of {} bytes", *command, size), {},
                    fmt::format("at most {}", kMaxPayload));
    const auto sum = in.bytes(4);
    if (in.left() < size) return std::nullopt;
    const auto payload = in.bytes(size);
    if (!std::ranges::equal(sum, checksum(payload)))
        return fail(ErrorKind::Malformed, fmt::format("'{}' with a wrong checksum", *command));
    start_ += kEnvelopeSize + size;
    return Frame{*command, Bytes(payload.begin(), payload.end())};
}

}  // namespace lode::p2p
