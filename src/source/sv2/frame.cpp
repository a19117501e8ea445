#include "source/sv2/frame.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace lode::source::sv2 {
namespace {

constexpr std::uint16_t kChannelBit = 0x8000;

}  // namespace

void seal_frame(const Frame& frame, Cipher& cipher, Bytes& out) {
    const auto extension = static_cast<std::uint16_t>(frame.extension | (frame.channel ? kChannelBit : 0));
    const auto byte = [](std::size_t value, unsigned which) {
        return static_cast<std::uint8_t>(value >> (8 * which));
    };
    const std::span<const std::uint8_t> payload = frame.payload;
    const std::array<std::uint8_t, kFrameHeaderSize> header = {
        byte(extension, 0),      byte(extension, 1),      frame.type,
        byte(payload.size(), 0), byte(payload.size(), 1), byte(payload.size(), 2)};
    cipher.seal(header, {}, out);
    for (std::size_t at = 0; at < payload.size(); at += kMaxChunk)
        cipher.seal(payload.subspan(at, std::min(kMaxChunk, payload.size() - at)), {}, out);
}

FrameReader::FrameReader(Cipher cipher, std::size_t max_payload)
    : cipher_(std::move(cipher)), max_payload_(max_payload) {}

void FrameReader::feed(std::span<const std::uint8_t> bytes) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(std::exchange(at_, 0)));
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Result<bool> FrameReader::read_header() {
    if (rest().size() < kSealedHeaderSize) return false;
    Bytes header;
    if (!cipher_.open(rest().first(kSealedHeaderSize), {}, header))
        return fail(ErrorKind::Malformed, "the header of a frame is not authentic");
    at_ += kSealedHeaderSize;
    const auto word = static_cast<std::uint16_t>(header[0] | header[1] << 8);
    left_ = header[3] | std::size_t{header[4]} << 8 | std::size_t{header[5]} << 16;
    if (left_ > max_payload_)
        return fail(ErrorKind::Malformed, fmt::format("a frame of {} bytes, type {:#04x}", left_, header[2]),
                    {}, fmt::format("at most {}", max_payload_));
    frame_ = Frame{static_cast<std::uint16_t>(word & ~kChannelBit), (word & kChannelBit) != 0, header[2], {}};
    return true;
}

Result<std::optional<Frame>> FrameReader::next() {
    if (!frame_) {
        const auto here = read_header();
        if (!here) return tl::unexpected(here.error());
        if (!*here) return std::nullopt;
    }
    while (left_ > 0) {
        const std::size_t chunk = std::min(left_, kMaxChunk);
        if (rest().size() < chunk + kTagSize) return std::nullopt;
        if (!cipher_.open(rest().first(chunk + kTagSize), {}, frame_->payload))
            return fail(ErrorKind::Malformed,
                        fmt::format("the payload of a frame of type {:#04x} is not authentic", frame_->type));
        at_ += chunk + kTagSize;
        left_ -= chunk;
    }
    return std::exchange(frame_, std::nullopt);
}

}  // namespace lode::source::sv2
