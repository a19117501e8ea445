// Verifies Schnorr signatures (BIP 340).
#pragma once

#include "source/sv2/secp256k1.h"

namespace lode::source::sv2 {

// Whether the signature of the message is valid for the key (32-byte x coordinate).
bool verify_schnorr(const Bytes32& key, std::span<const std::uint8_t> message, const Bytes64& signature);

}  // namespace lode::source::sv2
