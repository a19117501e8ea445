#include "source/sv2/ellswift.h"

#include <algorithm>

#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace lode::source::sv2 {
namespace {

FieldElement curve(const FieldElement& x) {  // y^2 of the point with this x
    return x * x * x + 7;
}

bool on_curve(const FieldElement& x) {
    return curve(x).sqrt().has_value();
}

const FieldElement& root_of_minus_3() {
    static const FieldElement root = *(-FieldElement(3)).sqrt();
    return root;
}

std::span<const std::uint8_t, 32> half(const Ellswift& encoded, std::size_t which) {
    return std::span(encoded).subspan(32 * which).first<32>();
}

bool random_bytes(std::span<std::uint8_t> out) {
    return RAND_bytes(out.data(), static_cast<int>(out.size())) == 1;
}

std::optional<Ellswift> encode_ellswift(const Bytes32& x_bytes) {
    const FieldElement x = FieldElement::from_bytes(x_bytes);
    for (;;) {
        std::array<std::uint8_t, 33> random{};
        if (!random_bytes(random)) return std::nullopt;
        const FieldElement u = FieldElement::from_bytes(std::span(random).first<32>());
        if (u.is_zero()) continue;
        const auto t = ellswift_inverse(x, u, random.back() & 7);
        if (!t) continue;
        Ellswift encoded{};
        std::ranges::copy(u.bytes(), encoded.begin());
        std::ranges::copy(t->bytes(), encoded.begin() + 32);
        return encoded;
    }
}

}  // namespace

KeyPair::~KeyPair() {
    OPENSSL_cleanse(secret.data(), secret.size());
}

// XSwiftEC(u, t)
Bytes32 decode_ellswift(const Ellswift& encoded) {
    FieldElement u = FieldElement::from_bytes(half(encoded, 0));
    FieldElement t = FieldElement::from_bytes(half(encoded, 1));
    if (u.is_zero()) u = 1;
    if (t.is_zero()) t = 1;
    if ((curve(u) + t * t).is_zero()) t = t + t;
    const FieldElement x = (curve(u) - t * t) / (t + t);
    const FieldElement y = (x + t) / (root_of_minus_3() * u);
    const FieldElement first = u + FieldElement(4) * y * y;
    if (on_curve(first)) return first.bytes();
    const FieldElement ratio = x / y;
    const FieldElement second = (-ratio - u) / 2;
    return (on_curve(second) ? second : (ratio - u) / 2).bytes();
}

// XSwiftECInv(x, u, case). Bit 1 of the branch selects which of the decoder's candidates is x, bits 0 and 2
// select among the roots.
std::optional<FieldElement> ellswift_inverse(const FieldElement& x, const FieldElement& u, unsigned branch) {
    FieldElement v, s;
    if ((branch & 2) == 0) {
        if (on_curve(-x - u)) return std::nullopt;
        v = x;
        s = -curve(u) / (u * u + u * v + v * v);
    } else {
        s = x - u;
        if (s.is_zero()) return std::nullopt;
        const auto r = (-s * (FieldElement(4) * curve(u) + FieldElement(3) * s * u * u)).sqrt();
        if (!r || ((branch & 1) != 0 && r->is_zero())) return std::nullopt;
        v = (*r / s - u) / 2;
    }
    const auto w = s.sqrt();
    if (!w) return std::nullopt;
    const FieldElement root = (branch & 1) == 0 ? -root_of_minus_3() : root_of_minus_3();
    const FieldElement t = *w * (u * (root + 1) / 2 + v);
    const bool negative = (branch & 5) == 0 || (branch & 5) == 5;
    return negative ? -t : t;
}

Result<KeyPair> make_key_pair() {
    const auto none = [] { return fail(ErrorKind::Internal, "the system gives no random numbers"); };
    KeyPair pair;
    do {
        if (!random_bytes(pair.secret)) return none();
    } while (!secp256k1::valid_secret(pair.secret));
    const auto encoded = encode_ellswift(secp256k1::x_of(secp256k1::multiply(pair.secret).get()));
    if (!encoded) return none();
    pair.encoded = *encoded;
    return pair;
}

Bytes32 exchange_keys(const KeyPair& ours, const Ellswift& theirs, Side side) {
    const secp256k1::Point point = secp256k1::lift_x(decode_ellswift(theirs));
    Bytes32 x = secp256k1::x_of(secp256k1::multiply(ours.secret, point.get()).get());
    const bool first = side == Side::Initiator;
    const Bytes32 shared = secp256k1::tagged_hash(
        "bip324_ellswift_xonly_ecdh", {first ? ours.encoded : theirs, first ? theirs : ours.encoded, x});
    OPENSSL_cleanse(x.data(), x.size());
    return shared;
}

}  // namespace lode::source::sv2
