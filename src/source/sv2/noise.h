// The handshake Noise_NX_Secp256k1+EllSwift_ChaChaPoly_SHA256 of Stratum V2 (its specification, chapter 4),
// the initiator's side: sends one act, receives one; and the state common to both sides.
#pragma once

#include "lode/result.h"
#include "source/sv2/certificate.h"
#include "source/sv2/cipher.h"
#include "source/sv2/ellswift.h"

namespace lode::source::sv2 {

// The symmetric state of the handshake (the Noise specification, 5.1 and 5.2).
class SymmetricState {
 public:
    SymmetricState();

    void mix_hash(std::span<const std::uint8_t> data);
    void mix_key(const Bytes32& shared);
    // Only after the first mix_key().
    [[nodiscard]] Bytes seal(std::span<const std::uint8_t> plain);
    [[nodiscard]] std::optional<Bytes> open(std::span<const std::uint8_t> sealed);
    struct Ciphers {
        Cipher initiator, responder;  // for messages sent by each side
    };
    [[nodiscard]] Ciphers split() const;

 private:
    Bytes32 hash_, chaining_key_;
    std::optional<Cipher> cipher_;
};

inline constexpr std::size_t kAct1Size = 64;
inline constexpr std::size_t kSealedKeySize = 64 + kTagSize;
inline constexpr std::size_t kSealedCertificateSize = Certificate::kSize + kTagSize;
inline constexpr std::size_t kAct2Size = 64 + kSealedKeySize + kSealedCertificateSize;
static_assert(kAct2Size == 234);

// The result of the handshake. The server is not authenticated yet: see check_certificate().
struct Handshaken {
    SymmetricState::Ciphers ciphers;
    Bytes32 server_key{};  // x coordinate
    Certificate certificate;
};

class Initiator {
 public:
    explicit Initiator(const KeyPair& ephemeral);
    [[nodiscard]] const Ellswift& act1() const { return ephemeral_.encoded; }
    // To be called once. Malformed: the answer violates the handshake, or was altered.
    Result<Handshaken> read_act2(std::span<const std::uint8_t, kAct2Size> act2);

 private:
    KeyPair ephemeral_;
    SymmetricState state_;
};

}  // namespace lode::source::sv2
