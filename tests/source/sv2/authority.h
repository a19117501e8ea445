// The server side, for tests: signing (BIP 340) and the handshake's responder.
#pragma once

#include "source/sv2/noise.h"

namespace lode::source::sv2 {

// secret: 1 to the group's order - 1.
Bytes64 sign_schnorr(const Bytes32& secret, std::span<const std::uint8_t> message,
                     const Bytes32& auxiliary = {});
Bytes32 public_key(const Bytes32& secret);  // x coordinate

// A valid certificate by the authority for the server's key.
Certificate sign_certificate(const Bytes32& authority_secret, const Bytes32& server_key,
                             std::uint32_t valid_from, std::uint32_t not_valid_after);
Bytes serialize(const Certificate& certificate);

struct Responded {
    Bytes act2;
    SymmetricState::Ciphers ciphers;
};
// A server's processing of act 1. The certificate is sent as given, valid or not.
Responded respond(const Ellswift& act1, const KeyPair& ephemeral, const KeyPair& server,
                  const Bytes& certificate);

}  // namespace lode::source::sv2
