// Frames of Stratum V2 (the specification, 3.2 and 4.6): a sealed header of 22 bytes, then the payload in
// sealed chunks.
#pragma once

#include <cstdint>

#include "lode/result.h"
#include "source/sv2/cipher.h"

namespace lode::source::sv2 {

struct Frame {
    std::uint16_t extension = 0;  // without the channel bit
    bool channel = false;         // the channel bit
    std::uint8_t type = 0;
    Bytes payload;  // up to 2^24 - 1 bytes
    friend bool operator==(const Frame&, const Frame&) = default;
};

inline constexpr std::size_t kFrameHeaderSize = 6;
inline constexpr std::size_t kSealedHeaderSize = kFrameHeaderSize + kTagSize;
inline constexpr std::size_t kMaxChunk = 65535 - kTagSize;  // bytes of plain text: Noise bounds a message
inline constexpr std::size_t kMaxMiningPayload = std::size_t{1} << 20;  // an extended job has up to 140 kB

// Appends it, sealed, to out.
void seal_frame(const Frame& frame, Cipher& cipher, Bytes& out);

// Splits received bytes into frames. Buffers at most one frame of the maximum size, and the last input.
class FrameReader {
 public:
    FrameReader(Cipher cipher, std::size_t max_payload);

    void feed(std::span<const std::uint8_t> bytes);
    // The next frame, once it is complete. Malformed: failed authentication, or too long; not to be used
    // after that.
    Result<std::optional<Frame>> next();

 private:
    Result<bool> read_header();  // false: not complete
    [[nodiscard]] std::span<const std::uint8_t> rest() const { return std::span(buffer_).subspan(at_); }

    Cipher cipher_;
    std::size_t max_payload_;
    Bytes buffer_;
    std::size_t at_ = 0;          // read position in the buffer
    std::optional<Frame> frame_;  // its header has been read
    std::size_t left_ = 0;        // missing bytes of its payload
};

}  // namespace lode::source::sv2
