// The encrypted connection to a server, without I/O: the handshake, then frames.
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "source/sv2/frame.h"
#include "source/sv2/noise.h"

namespace lode::source::sv2 {

// An ephemeral key for one connection. Its first byte is chosen so that a server with several protocols on
// one port does not take it for another protocol.
Result<KeyPair> make_connection_key();

class Transport {
 public:
    // Whether to go on with this server. unix_time: seconds since 1970.
    using CertificateCheck = std::function<Result<void>(const Certificate& certificate,
                                                        const Bytes32& server_key, std::int64_t unix_time)>;

    Transport(const KeyPair& ephemeral, CertificateCheck check, std::size_t max_payload);
    // authority: the required signer of the server's certificate; nullopt: any.
    Transport(const KeyPair& ephemeral, std::optional<Bytes32> authority, std::size_t max_payload);

    // The first message, to be sent in one piece: some servers disconnect on a partial one.
    [[nodiscard]] Bytes act1() const;
    // Processes received bytes. An Error ends the connection: the server does not speak Stratum V2, is not
    // authentic, or data was altered. unix_time: seconds since 1970.
    Result<void> feed(std::span<const std::uint8_t> bytes, std::int64_t unix_time);
    // Whether the handshake is done, which the two below require.
    [[nodiscard]] bool established() const { return open_.has_value(); }
    Result<std::optional<Frame>> next() { return open_->reader.next(); }
    [[nodiscard]] Bytes seal(const Frame& frame);

    // Whether the bytes received so far cannot be a Stratum V2 server's answer.
    [[nodiscard]] bool answered_in_text() const;
    [[nodiscard]] bool answered() const { return established() || !answer_.empty(); }

 private:
    struct Open {
        FrameReader reader;
        Cipher sender;
    };

    Initiator initiator_;
    CertificateCheck check_;
    std::size_t max_payload_;
    Bytes answer_;  // act 2, as far as received
    std::optional<Open> open_;
};

// The error for a server that does not speak Stratum V2.
Error speaks_v1();

}  // namespace lode::source::sv2
