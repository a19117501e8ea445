// The field of secp256k1: integers modulo p = 2^256 - 2^32 - 977, for ElligatorSwift's formulas.
#pragma once

#include <optional>

#include "source/sv2/secp256k1.h"

namespace lode::source::sv2 {

// Immutable except for assignment. Not constant-time: only used with public values.
class FieldElement {
 public:
    FieldElement(BN_ULONG value = 0);  // NOLINT(google-explicit-constructor)
    static FieldElement from_bytes(std::span<const std::uint8_t, 32> bytes);  // reduced modulo p
    [[nodiscard]] Bytes32 bytes() const { return secp256k1::to_bytes(number_.get()); }

    FieldElement(const FieldElement& other);
    FieldElement(FieldElement&&) noexcept = default;
    FieldElement& operator=(const FieldElement& other);
    FieldElement& operator=(FieldElement&&) noexcept = default;
    ~FieldElement() = default;

    [[nodiscard]] bool is_zero() const { return BN_is_zero(number_.get()); }
    // The root that is itself a square; nullopt if there is none.
    [[nodiscard]] std::optional<FieldElement> sqrt() const;

    FieldElement operator-() const;
    friend FieldElement operator+(const FieldElement& a, const FieldElement& b);
    friend FieldElement operator-(const FieldElement& a, const FieldElement& b);
    friend FieldElement operator*(const FieldElement& a, const FieldElement& b);
    friend FieldElement operator/(const FieldElement& a, const FieldElement& b);  // b is not zero

 private:
    secp256k1::Number number_;
};

}  // namespace lode::source::sv2
