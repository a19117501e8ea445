#include "source/sv2/authority.h"

#include <algorithm>

#include "source/sv2/wire.h"

namespace lode::source::sv2 {

using namespace secp256k1;

namespace {

// The secret, or the group's order minus it, whichever has a public key with an even y.
Number with_even_y(const Bytes32& secret) {
    Number number = to_number(secret);
    if (!has_even_y(multiply(secret).get())) require(BN_sub(number.get(), order(), number.get()) == 1);
    return number;
}

}  // namespace

Bytes32 public_key(const Bytes32& secret) {
    return x_of(multiply(secret).get());
}

Bytes64 sign_schnorr(const Bytes32& secret, std::span<const std::uint8_t> message, const Bytes32& auxiliary) {
    const Number d = with_even_y(secret);
    const Bytes32 key = public_key(secret);
    Bytes32 t = to_bytes(d.get());
    const Bytes32 mask = tagged_hash("BIP0340/aux", {auxiliary});
    for (std::size_t i = 0; i < t.size(); ++i) t[i] ^= mask[i];
    const Number nonce = to_number(tagged_hash("BIP0340/nonce", {t, key, message}));
    require(BN_nnmod(nonce.get(), nonce.get(), order(), scratch()) == 1);
    const Bytes32 k_bytes = to_bytes(nonce.get());
    const Number k = with_even_y(k_bytes);
    const Bytes32 r = public_key(k_bytes);
    const Number s = to_number(tagged_hash("BIP0340/challenge", {r, key, message}));
    require(BN_mod_mul(s.get(), s.get(), d.get(), order(), scratch()) == 1 &&
            BN_mod_add(s.get(), s.get(), k.get(), order(), scratch()) == 1);
    Bytes64 signature{};
    std::ranges::copy(r, signature.begin());
    std::ranges::copy(to_bytes(s.get()), signature.begin() + 32);
    return signature;
}

Certificate sign_certificate(const Bytes32& authority_secret, const Bytes32& server_key,
                             std::uint32_t valid_from, std::uint32_t not_valid_after) {
    Certificate certificate{0, valid_from, not_valid_after, {}};
    certificate.signature = sign_schnorr(authority_secret, certificate.digest(server_key));
    return certificate;
}

Bytes serialize(const Certificate& certificate) {
    Writer writer;
    writer(certificate.version);
    writer(certificate.valid_from);
    writer(certificate.not_valid_after);
    Bytes bytes = writer.take();
    bytes.insert(bytes.end(), certificate.signature.begin(), certificate.signature.end());
    return bytes;
}

Responded respond(const Ellswift& act1, const KeyPair& ephemeral, const KeyPair& server,
                  const Bytes& certificate) {
    SymmetricState state;
    state.mix_hash(act1);
    state.mix_hash({});
    state.mix_hash(ephemeral.encoded);
    state.mix_key(exchange_keys(ephemeral, act1, Side::Responder));
    Bytes act2(ephemeral.encoded.begin(), ephemeral.encoded.end());
    const Bytes key = state.seal(server.encoded);
    state.mix_key(exchange_keys(server, act1, Side::Responder));
    const Bytes sealed_certificate = state.seal(certificate);
    act2.insert(act2.end(), key.begin(), key.end());
    act2.insert(act2.end(), sealed_certificate.begin(), sealed_certificate.end());
    return {std::move(act2), state.split()};
}

}  // namespace lode::source::sv2
