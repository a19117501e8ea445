// Parses messages from frames and serializes them.
#pragma once

#include <variant>

#include "source/sv2/channel_messages.h"
#include "source/sv2/frame.h"
#include "source/sv2/job_messages.h"
#include "source/sv2/setup_messages.h"
#include "source/sv2/share_messages.h"

namespace lode::source::sv2 {

// Whether the frame is of the protocol itself: those of extensions must be ignored, as lode negotiates none.
inline bool is_core(const Frame& frame) {
    return frame.extension == 0;
}

template <typename Message>
Frame to_frame(const Message& message) {
    Writer writer;
    Message::fields(message, writer);
    return {.extension = 0, .channel = Message::kChannel, .type = Message::kType, .payload = writer.take()};
}

// Malformed: a field that is truncated or too long. Bytes after the last field belong to extensions and are
// ignored (the specification, 3.4.3).
template <typename Message>
Result<Message> parse(std::span<const std::uint8_t> payload) {
    Message message;
    Reader reader(payload, Message::kName);
    Message::fields(message, reader);
    if (reader.error()) return tl::unexpected(*reader.error());
    return message;
}

// One of the messages that a variant lists. Nothing where it lists no such type, or the frame belongs to an
// extension. They are tried one after the other: they are few, and decided by one byte.
template <typename Messages, std::size_t index = 0>
Result<std::optional<Messages>> parse_one_of(const Frame& frame) {
    if constexpr (index == std::variant_size_v<Messages>) {
        return std::nullopt;
    } else {
        using Message = std::variant_alternative_t<index, Messages>;
        if (!is_core(frame)) return std::nullopt;
        if (frame.type != Message::kType) return parse_one_of<Messages, index + 1>(frame);
        auto message = parse<Message>(frame.payload);
        if (!message) return tl::unexpected(message.error());
        return Messages(std::move(*message));
    }
}

// What a pool sends.
using PoolMessage =
    std::variant<SetupConnectionSuccess, SetupConnectionError, Reconnect, OpenStandardChannelSuccess,
                 OpenExtendedChannelSuccess, OpenChannelError, NewMiningJob, NewExtendedMiningJob,
                 SetNewPrevHash, SetTarget, SetExtranoncePrefix, SetGroupChannel, UpdateChannelError,
                 CloseChannel, SubmitSharesSuccess, SubmitSharesError>;

Result<std::optional<PoolMessage>> parse_pool_message(const Frame& frame);

}  // namespace lode::source::sv2
