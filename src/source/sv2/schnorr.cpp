#include "source/sv2/schnorr.h"

#include <algorithm>

namespace lode::source::sv2 {

using namespace secp256k1;

bool verify_schnorr(const Bytes32& key, std::span<const std::uint8_t> message, const Bytes64& signature) {
    const Point public_point = lift_x(key);
    const auto r = std::span(signature).first<32>();
    const Number s = to_number(std::span(signature).last<32>());
    if (!public_point || BN_cmp(to_number(r).get(), prime()) >= 0 || BN_cmp(s.get(), order()) >= 0)
        return false;
    // R = s G - e P, with e = hash modulo the order
    const Number e = to_number(tagged_hash("BIP0340/challenge", {r, key, message}));
    require(BN_nnmod(e.get(), e.get(), order(), scratch()) == 1);
    require(BN_mod_sub(e.get(), order(), e.get(), order(), scratch()) == 1);
    const Point nonce_point(EC_POINT_new(group()));
    require(nonce_point != nullptr &&
            EC_POINT_mul(group(), nonce_point.get(), s.get(), public_point.get(), e.get(), scratch()) == 1);
    if (EC_POINT_is_at_infinity(group(), nonce_point.get()) == 1) return false;
    return has_even_y(nonce_point.get()) && std::ranges::equal(x_of(nonce_point.get()), r);
}

}  // namespace lode::source::sv2
