// ElligatorSwift (BIP 324): public keys encoded as 64 uniformly random-looking bytes, and key exchange with
// them.
#pragma once

#include <optional>

#include "lode/result.h"
#include "source/sv2/field.h"

namespace lode::source::sv2 {

using Ellswift = Bytes64;  // u | t

// The x coordinate that it encodes; every 64 bytes encode one.
Bytes32 decode_ellswift(const Ellswift& encoded);
// A t such that (u, t) encodes x, out of up to eight (branch 0 to 7); nullopt if that branch has none.
std::optional<FieldElement> ellswift_inverse(const FieldElement& x, const FieldElement& u, unsigned branch);

struct KeyPair {
    Bytes32 secret{};  // wiped by the destructor
    Ellswift encoded{};

    KeyPair() = default;
    KeyPair(const Bytes32& key, const Ellswift& public_key) : secret(key), encoded(public_key) {}
    KeyPair(const KeyPair&) = default;
    KeyPair& operator=(const KeyPair&) = default;
    ~KeyPair();
};
// Generated with the system's random numbers. Internal: not available.
Result<KeyPair> make_key_pair();

enum class Side { Initiator, Responder };
// The shared secret. ours.secret must be valid.
Bytes32 exchange_keys(const KeyPair& ours, const Ellswift& theirs, Side side);

}  // namespace lode::source::sv2
