#include "source/sv2/cipher.h"

#include <new>

namespace lode::source::sv2 {

using secp256k1::require;

Cipher::Cipher(const Bytes32& key) : context_(EVP_CIPHER_CTX_new()) {
    require(context_ != nullptr &&
            EVP_CipherInit_ex(context_.get(), EVP_chacha20_poly1305(), nullptr, key.data(), nullptr, 1) == 1);
}

// The nonce is four zero bytes and the count, little-endian.
void Cipher::begin(bool sealing, std::span<const std::uint8_t> associated) {
    std::array<std::uint8_t, 12> nonce{};
    for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = static_cast<std::uint8_t>(nonce_ >> (8 * i));
    ++nonce_;
    int size = 0;
    require(EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, nonce.data(), sealing ? 1 : 0) == 1);
    require(associated.empty() || EVP_CipherUpdate(context_.get(), nullptr, &size, associated.data(),
                                                   static_cast<int>(associated.size())) == 1);
}

void Cipher::seal(std::span<const std::uint8_t> plain, std::span<const std::uint8_t> associated, Bytes& out) {
    begin(true, associated);
    const std::size_t at = out.size();
    out.resize(at + plain.size() + kTagSize);
    int size = 0;
    require(plain.empty() || EVP_CipherUpdate(context_.get(), out.data() + at, &size, plain.data(),
                                              static_cast<int>(plain.size())) == 1);
    std::uint8_t* const tag = out.data() + at + plain.size();
    require(EVP_CipherFinal_ex(context_.get(), tag, &size) == 1 &&
            EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, tag) == 1);
}

bool Cipher::open(std::span<const std::uint8_t> sealed, std::span<const std::uint8_t> associated,
                  Bytes& out) {
    if (sealed.size() < kTagSize) return false;
    begin(false, associated);
    const auto text = sealed.first(sealed.size() - kTagSize);
    std::array<std::uint8_t, kTagSize> tag{};
    std::copy(sealed.end() - kTagSize, sealed.end(), tag.begin());
    const std::size_t at = out.size();
    out.resize(at + text.size());
    int size = 0;
    require(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1);
    require(text.empty() || EVP_CipherUpdate(context_.get(), out.data() + at, &size, text.data(),
                                             static_cast<int>(text.size())) == 1);
    if (EVP_CipherFinal_ex(context_.get(), tag.data(), &size) == 1) return true;
    out.resize(at);
    return false;
}

}  // namespace lode::source::sv2
