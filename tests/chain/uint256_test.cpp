#include "lode/uint256.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

Uint256 hex(const char* text) {
    return *Uint256::from_hex(text);
}

TEST(Uint256, HexAndBytes) {
    const Uint256 x = hex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    EXPECT_EQ(x.to_hex(), "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    EXPECT_EQ(x.to_le_bytes()[0], 0x20);
    EXPECT_EQ(x.to_le_bytes()[31], 0x01);
    EXPECT_EQ(Uint256::from_le_bytes(x.to_le_bytes()), x);
    EXPECT_EQ(x.top32(), 0x01020304u);
    EXPECT_EQ(hex("0").to_short_hex(), "0");
    EXPECT_EQ(hex("f00").to_short_hex(), "f00");
    EXPECT_FALSE(Uint256::from_hex(""));
    EXPECT_FALSE(Uint256::from_hex(std::string(65, '1')));
    EXPECT_FALSE(Uint256::from_hex("12g4"));
}

TEST(Uint256, OrderLooksAtTheHighLimbFirst) {
    EXPECT_LT(hex("ffffffffffffffff"), hex("10000000000000000"));
    EXPECT_LT(Uint256(1), Uint256(2));
    EXPECT_EQ(Uint256(7), hex("7"));
}

TEST(Uint256, CarriesAndWraps) {
    EXPECT_EQ(hex("ffffffffffffffffffffffffffffffff") + Uint256(1), hex("100000000000000000000000000000000"));
    EXPECT_EQ(Uint256::max() + Uint256(1), Uint256(0));
    EXPECT_EQ(Uint256(0) - Uint256(1), Uint256::max());
    EXPECT_EQ(hex("10000000000000000") - Uint256(1), hex("ffffffffffffffff"));
}

TEST(Uint256, MultiplyDivideShift) {
    EXPECT_EQ(hex("ffffffffffffffffff") * 1209600, hex("1274ffffffffffffffed8b00"));
    EXPECT_EQ(hex("1274ffffffffffffffed8b00") / Uint256(1209600), hex("ffffffffffffffffff"));
    EXPECT_EQ(Uint256::max() / hex("100000000000000000000000000000000"),
              hex("ffffffffffffffffffffffffffffffff"));
    EXPECT_EQ(Uint256(5) / Uint256(7), Uint256(0));
    EXPECT_EQ(Uint256(7) / Uint256(7), Uint256(1));
    EXPECT_EQ(Uint256(0xffff) << 208, hex("ffff0000000000000000000000000000000000000000000000000000"));
    EXPECT_EQ((Uint256(0xffff) << 208) >> 208, Uint256(0xffff));
    EXPECT_EQ(Uint256(1) << 256, Uint256(0));
    EXPECT_EQ(Uint256(1) << 64, hex("10000000000000000"));
    EXPECT_EQ(Uint256::max() >> 255, Uint256(1));
}

TEST(Uint256, BitsAndDouble) {
    EXPECT_EQ(Uint256(0).bits(), 0u);
    EXPECT_EQ(Uint256(1).bits(), 1u);
    EXPECT_EQ(Uint256::max().bits(), 256u);
    EXPECT_DOUBLE_EQ((Uint256(1) << 200).to_double(), 0x1p200);
}

}  // namespace
}  // namespace lode
