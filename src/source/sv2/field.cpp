#include "source/sv2/field.h"

namespace lode::source::sv2 {

using secp256k1::make_number;
using secp256k1::prime;
using secp256k1::require;
using secp256k1::scratch;

FieldElement::FieldElement(BN_ULONG value) : number_(make_number()) {
    require(BN_set_word(number_.get(), value) == 1);
}

FieldElement FieldElement::from_bytes(std::span<const std::uint8_t, 32> bytes) {
    FieldElement out;
    require(BN_nnmod(out.number_.get(), secp256k1::to_number(bytes).get(), prime(), scratch()) == 1);
    return out;
}

FieldElement::FieldElement(const FieldElement& other) : number_(BN_dup(other.number_.get())) {
    require(number_ != nullptr);
}

FieldElement& FieldElement::operator=(const FieldElement& other) {
    if (this != &other) number_ = FieldElement(other).number_;
    return *this;
}

// p = 3 mod 4, so a^((p + 1) / 4) is a root of a, or of -a if a has none.
std::optional<FieldElement> FieldElement::sqrt() const {
    static const secp256k1::Number exponent = [] {
        secp256k1::Number number(BN_dup(prime()));
        require(number != nullptr && BN_add_word(number.get(), 1) == 1 &&
                BN_rshift(number.get(), number.get(), 2) == 1);
        return number;
    }();
    FieldElement root;
    require(BN_mod_exp(root.number_.get(), number_.get(), exponent.get(), prime(), scratch()) == 1);
    if (!(root * root - *this).is_zero()) return std::nullopt;
    return root;
}

FieldElement FieldElement::operator-() const {
    return FieldElement() - *this;
}

FieldElement operator+(const FieldElement& a, const FieldElement& b) {
    FieldElement out;
    require(BN_mod_add_quick(out.number_.get(), a.number_.get(), b.number_.get(), prime()) == 1);
    return out;
}

FieldElement operator-(const FieldElement& a, const FieldElement& b) {
    FieldElement out;
    require(BN_mod_sub_quick(out.number_.get(), a.number_.get(), b.number_.get(), prime()) == 1);
    return out;
}

FieldElement operator*(const FieldElement& a, const FieldElement& b) {
    FieldElement out;
    require(BN_mod_mul(out.number_.get(), a.number_.get(), b.number_.get(), prime(), scratch()) == 1);
    return out;
}

FieldElement operator/(const FieldElement& a, const FieldElement& b) {
    FieldElement inverse;
    require(BN_mod_inverse(inverse.number_.get(), b.number_.get(), prime(), scratch()) != nullptr);
    return a * inverse;
}

}  // namespace lode::source::sv2
