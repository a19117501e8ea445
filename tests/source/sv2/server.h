// The server's side of a connection over a real socket.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "source/scripted_pool.h"
#include "source/sv2/authority.h"
#include "source/sv2/messages.h"

namespace lode::source::sv2 {

// The authority of secret key 7, as the name of its public key.
inline constexpr const char* kKey = "9bLR8YMBPo63qHxNarxXzGo8CMZnMofEUAb7DXmagX4fviG6Qtt";
inline const Bytes32 kAuthority = [] {
    Bytes32 secret{};
    secret.back() = 7;
    return secret;
}();

inline std::uint32_t unix_time() {
    return static_cast<std::uint32_t>(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
}

inline std::string as_text(const Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

// Of one connection, once its handshake is done.
class Server {
 public:
    explicit Server(testing::Peer& peer, const Bytes32& authority = kAuthority) : peer_(peer) {
        const std::string act1 = peer.read_bytes(kAct1Size);
        if (act1.size() != kAct1Size) return;
        Ellswift key{};
        std::ranges::copy(act1, key.begin());
        const KeyPair server = *make_key_pair();
        const auto certificate =
            sign_certificate(authority, decode_ellswift(server.encoded), unix_time() - 60, unix_time() + 60);
        auto responded = respond(key, *make_key_pair(), server, serialize(certificate));
        sender_.emplace(std::move(responded.ciphers.responder));
        reader_.emplace(std::move(responded.ciphers.initiator), kMaxMiningPayload);
        peer.write(as_text(responded.act2));
    }
    // Nothing where the client left in the handshake: a test that has seen enough may end there.
    template <typename Message>
    void says(const Message& message) {
        if (!sender_) return;
        Bytes bytes;
        seal_frame(to_frame(message), *sender_, bytes);
        peer_.write(as_text(bytes));
    }
    // The next message; nothing where the client has left, or says something else.
    template <typename Message>
    std::optional<Message> hears() {
        while (reader_) {
            const auto frame = reader_->next();
            if (!frame) return std::nullopt;
            if (*frame) {
                if ((*frame)->type != Message::kType) return std::nullopt;
                const auto message = parse<Message>((*frame)->payload);
                return message ? std::optional(*message) : std::nullopt;
            }
            const std::string byte = peer_.read_bytes(1);
            if (byte.empty()) return std::nullopt;
            reader_->feed({reinterpret_cast<const std::uint8_t*>(byte.data()), 1});
        }
        return std::nullopt;
    }
    void wait_for_end() { peer_.wait_for_end(); }

 private:
    testing::Peer& peer_;
    std::optional<Cipher> sender_;
    std::optional<FrameReader> reader_;
};

}  // namespace lode::source::sv2
