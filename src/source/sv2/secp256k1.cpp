#include "source/sv2/secp256k1.h"

#include <new>

#include <openssl/obj_mac.h>

#include "crypto/sha256.h"

namespace lode::source::sv2::secp256k1 {

void require(bool succeeded) {
    if (!succeeded) throw std::bad_alloc();
}

const EC_GROUP* group() {
    static const std::unique_ptr<EC_GROUP, Release> curve = [] {
        std::unique_ptr<EC_GROUP, Release> made(EC_GROUP_new_by_curve_name(NID_secp256k1));
        require(made != nullptr);
        return made;
    }();
    return curve.get();
}

const BIGNUM* prime() {
    return EC_GROUP_get0_field(group());
}

const BIGNUM* order() {
    return EC_GROUP_get0_order(group());
}

BN_CTX* scratch() {
    thread_local const std::unique_ptr<BN_CTX, Release> context(BN_CTX_new());
    require(context != nullptr);
    return context.get();
}

Number make_number() {
    Number number(BN_new());
    require(number != nullptr);
    return number;
}

Number to_number(std::span<const std::uint8_t> bytes) {
    Number number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    require(number != nullptr);
    return number;
}

Bytes32 to_bytes(const BIGNUM* number) {
    Bytes32 bytes{};
    require(BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size())) >= 0);
    return bytes;
}

bool valid_secret(const Bytes32& secret) {
    const Number number = to_number(secret);
    return !BN_is_zero(number.get()) && BN_cmp(number.get(), order()) < 0;
}

Point lift_x(const Bytes32& x) {
    const Number number = to_number(x);
    if (BN_cmp(number.get(), prime()) >= 0) return nullptr;
    Point point(EC_POINT_new(group()));
    require(point != nullptr);
    if (EC_POINT_set_compressed_coordinates(group(), point.get(), number.get(), 0, scratch()) != 1)
        return nullptr;
    return point;
}

Point multiply(const Bytes32& secret, const EC_POINT* point) {
    const Number number = to_number(secret);
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    Point product(EC_POINT_new(group()));
    require(product != nullptr);
    const bool generator = point == nullptr;
    require(EC_POINT_mul(group(), product.get(), generator ? number.get() : nullptr, point,
                         generator ? nullptr : number.get(), scratch()) == 1);
    return product;
}

bool has_even_y(const EC_POINT* point) {
    const Number y = make_number();
    require(EC_POINT_get_affine_coordinates(group(), point, nullptr, y.get(), scratch()) == 1);
    return !BN_is_odd(y.get());
}

Bytes32 x_of(const EC_POINT* point) {
    const Number x = make_number();
    require(EC_POINT_get_affine_coordinates(group(), point, x.get(), nullptr, scratch()) == 1);
    return to_bytes(x.get());
}

Bytes32 tagged_hash(std::string_view tag, std::initializer_list<std::span<const std::uint8_t>> parts) {
    const Bytes32 prefix = crypto::sha256({reinterpret_cast<const std::uint8_t*>(tag.data()), tag.size()});
    crypto::Sha256 hash;
    hash.write(prefix).write(prefix);
    for (const auto part : parts) hash.write(part);
    return hash.finish();
}

}  // namespace lode::source::sv2::secp256k1
