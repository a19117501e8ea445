// ChaCha20-Poly1305 (RFC 8439) as used by Noise: one key per direction, the nonce counts messages.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <openssl/evp.h>

#include "source/sv2/secp256k1.h"

namespace lode::source::sv2 {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::size_t kTagSize = 16;  // bytes that sealing adds

// Use an object for either sealing or opening: both increment the nonce. Not thread-safe.
class Cipher {
 public:
    explicit Cipher(const Bytes32& key);

    // Appends the sealed text to out. associated: authenticated, not sent.
    void seal(std::span<const std::uint8_t> plain, std::span<const std::uint8_t> associated, Bytes& out);
    // Appends the plain text to out. False, with out unchanged: authentication failed.
    [[nodiscard]] bool open(std::span<const std::uint8_t> sealed, std::span<const std::uint8_t> associated,
                            Bytes& out);

 private:
    void begin(bool sealing, std::span<const std::uint8_t> associated);

    struct Release {
        void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }  // wipes the key
    };
    std::unique_ptr<EVP_CIPHER_CTX, Release> context_;
    std::uint64_t nonce_ = 0;
};

}  // namespace lode::source::sv2
