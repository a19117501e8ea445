#include "source/sv2/noise.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <openssl/hmac.h>

#include "crypto/sha256.h"

namespace lode::source::sv2 {
namespace {

constexpr std::string_view kProtocol = "Noise_NX_Secp256k1+EllSwift_ChaChaPoly_SHA256";

Bytes32 hmac(const Bytes32& key, std::span<const std::uint8_t> data) {
    Bytes32 out{};
    unsigned size = 0;
    secp256k1::require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(),
                            out.data(), &size) != nullptr);
    return out;
}

// HKDF with two outputs (RFC 5869, as in the Noise specification, 4.3).
std::pair<Bytes32, Bytes32> derive_two(const Bytes32& chaining_key, std::span<const std::uint8_t> input) {
    const Bytes32 key = hmac(chaining_key, input);
    const Bytes32 first = hmac(key, std::array<std::uint8_t, 1>{1});
    std::array<std::uint8_t, 33> more{};
    std::ranges::copy(first, more.begin());
    more.back() = 2;
    return {first, hmac(key, more)};
}

Ellswift to_ellswift(std::span<const std::uint8_t> bytes) {
    Ellswift out{};
    std::ranges::copy(bytes.first(out.size()), out.begin());
    return out;
}

}  // namespace

SymmetricState::SymmetricState()
    : hash_(crypto::sha256({reinterpret_cast<const std::uint8_t*>(kProtocol.data()), kProtocol.size()})),
      chaining_key_(hash_) {
    mix_hash({});  // no prologue
}

void SymmetricState::mix_hash(std::span<const std::uint8_t> data) {
    hash_ = crypto::Sha256().write(hash_).write(data).finish();
}

void SymmetricState::mix_key(const Bytes32& shared) {
    const auto [chaining_key, key] = derive_two(chaining_key_, shared);
    chaining_key_ = chaining_key;
    cipher_.emplace(key);
}

Bytes SymmetricState::seal(std::span<const std::uint8_t> plain) {
    Bytes sealed;
    cipher_->seal(plain, hash_, sealed);
    mix_hash(sealed);
    return sealed;
}

std::optional<Bytes> SymmetricState::open(std::span<const std::uint8_t> sealed) {
    Bytes plain;
    if (!cipher_->open(sealed, hash_, plain)) return std::nullopt;
    mix_hash(sealed);
    return plain;
}

SymmetricState::Ciphers SymmetricState::split() const {
    const auto [initiator, responder] = derive_two(chaining_key_, {});
    return {Cipher(initiator), Cipher(responder)};
}

Initiator::Initiator(const KeyPair& ephemeral) : ephemeral_(ephemeral) {
    state_.mix_hash(ephemeral_.encoded);
    state_.mix_hash({});
}

Result<Handshaken> Initiator::read_act2(std::span<const std::uint8_t, kAct2Size> act2) {
    const auto refuse = [](const char* what) {
        return fail(ErrorKind::Malformed, std::string(what) + " of the server's answer is not authentic",
                    "handshake", "Noise_NX of Stratum V2");
    };
    const Ellswift ephemeral = to_ellswift(act2);
    state_.mix_hash(ephemeral);
    state_.mix_key(exchange_keys(ephemeral_, ephemeral, Side::Initiator));
    const auto key = state_.open(act2.subspan(64, kSealedKeySize));
    if (!key) return refuse("the key");
    const Ellswift server = to_ellswift(*key);
    state_.mix_key(exchange_keys(ephemeral_, server, Side::Initiator));
    const auto certificate = state_.open(act2.last<kSealedCertificateSize>());
    if (!certificate) return refuse("the certificate");
    return Handshaken{state_.split(), decode_ellswift(server),
                      Certificate::parse(std::span(*certificate).first<Certificate::kSize>())};
}

}  // namespace lode::source::sv2
