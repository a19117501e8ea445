// The 24-byte envelope around each message of Bitcoin's P2P protocol.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/serialize.h"
#include "lode/result.h"

namespace lode::p2p {

using chain::Reader;
using chain::Writer;
using Magic = std::array<std::uint8_t, 4>;  // first bytes of every message, in wire order
using Bytes = std::vector<std::uint8_t>;

inline constexpr std::size_t kEnvelopeSize = 24;  // magic, command (12), payload size (4), checksum (4)
inline constexpr std::size_t kMaxPayload =
    4'000'000;  // Bitcoin Core's MAX_PROTOCOL_MESSAGE_LENGTH; also the weight of the largest block

// One message as received: the command is 1 to 12 printable characters.
struct Frame {
    std::string command;
    Bytes payload;
};

Bytes envelope(const Magic& magic, std::string_view command, std::span<const std::uint8_t> payload);

// Splits a byte stream into frames. Not to be used after an Error.
class FrameReader {
 public:
    explicit FrameReader(const Magic& magic) : magic_(magic) {}

    void feed(std::span<const std::uint8_t> bytes);
    // The next complete frame, nullopt while bytes are missing. The Error says what is wrong with the
    // envelope.
    Result<std::optional<Frame>> next();

 private:
    Magic magic_;
    Bytes buffer_;
    std::size_t start_ = 0;  // bytes of buffer_ already consumed
};

}  // namespace lode::p2p
