// The curve secp256k1 (SEC 2, 2.4.1) over OpenSSL's BN and EC: the operations that BIP 324 and BIP 340 need.
// All 32-byte numbers are big-endian, as in both BIPs. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <openssl/bn.h>
#include <openssl/ec.h>

namespace lode::source::sv2 {

using Bytes32 = std::array<std::uint8_t, 32>;
using Bytes64 = std::array<std::uint8_t, 64>;

namespace secp256k1 {

struct Release {
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
    void operator()(EC_POINT* point) const { EC_POINT_clear_free(point); }
    void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
};
using Number = std::unique_ptr<BIGNUM, Release>;
using Point = std::unique_ptr<EC_POINT, Release>;

const EC_GROUP* group();
const BIGNUM* prime();  // of the field
const BIGNUM* order();  // of the group
BN_CTX* scratch();      // this thread's

// These OpenSSL calls fail only if memory is exhausted: throws std::bad_alloc.
void require(bool succeeded);
Number make_number();
Number to_number(std::span<const std::uint8_t> bytes);
Bytes32 to_bytes(const BIGNUM* number);  // below 2^256

// A secret key: 1 to order - 1.
bool valid_secret(const Bytes32& secret);
// The point with this x and an even y; null if there is none.
Point lift_x(const Bytes32& x);
// secret times the point, or times the generator if it is null, in constant time.
Point multiply(const Bytes32& secret, const EC_POINT* point = nullptr);
bool has_even_y(const EC_POINT* point);
Bytes32 x_of(const EC_POINT* point);

// SHA256(SHA256(tag) | SHA256(tag) | parts), BIP 340.
Bytes32 tagged_hash(std::string_view tag, std::initializer_list<std::span<const std::uint8_t>> parts);

}  // namespace secp256k1
}  // namespace lode::source::sv2
