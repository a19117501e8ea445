// The bytes of Bitcoin's P2P protocol: numbers, compact sizes and the 24-byte envelope around each message.
// Everything read here comes from strangers: all sizes are bounded, nothing throws.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::p2p {

using Magic = std::array<std::uint8_t, 4>;  // first bytes of every message, in wire order
using Bytes = std::vector<std::uint8_t>;

inline constexpr std::size_t kEnvelopeSize = 24;  // magic, command (12), payload size (4), checksum (4)
inline constexpr std::size_t kMaxPayload =
    4'000'000;  // Bitcoin Core's MAX_PROTOCOL_MESSAGE_LENGTH; also the weight of the largest block

// Reads in order. Once the bytes have run out, or a value was malformed, every read gives zero or nothing and
// ok() stays false: read all, then ask once.
class Reader {
 public:
    explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    std::uint8_t u8();
    std::uint32_t u32();                 // little-endian
    std::uint64_t u64();                 // little-endian
    std::uint64_t compact_size();        // in its shortest form, as Bitcoin Core demands
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
    Writer& u8(std::uint8_t value);
    Writer& u32(std::uint32_t value);
    Writer& u64(std::uint64_t value);
    Writer& compact_size(std::uint64_t value);
    Writer& hash(const Hash256& hash);
    Writer& bytes(std::span<const std::uint8_t> bytes);
    [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
    Bytes out_;
};

// One message as it came: the command is 1 to 12 printable characters.
struct Frame {
    std::string command;
    Bytes payload;
};

Bytes envelope(const Magic& magic, std::string_view command, std::span<const std::uint8_t> payload);

// Cuts a stream of bytes into frames. After an Error the stream is of no more use.
class FrameReader {
 public:
    explicit FrameReader(const Magic& magic) : magic_(magic) {}

    void feed(std::span<const std::uint8_t> bytes);
    // The next whole frame, nothing while bytes are missing. The Error says how the envelope is wrong.
    Result<std::optional<Frame>> next();

 private:
    Magic magic_;
    Bytes buffer_;
    std::size_t start_ = 0;  // bytes of buffer_ already given out
};

}  // namespace lode::p2p
