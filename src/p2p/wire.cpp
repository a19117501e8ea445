#include "p2p/wire.h"

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
