#include "chain/target.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace lode::chain {
namespace {

Uint256 hex(const char* text) {
    return *Uint256::from_hex(text);
}

// Compact forms and what they mean: the vectors of Bitcoin Core's bignum_SetCompact test.
TEST(Compact, DecodesAsConsensusDoes) {
    for (const std::uint32_t zero :
         {0x00000000u, 0x00123456u, 0x01003456u, 0x02000056u, 0x03000000u, 0x04000000u, 0x00923456u,
          0x01803456u, 0x02800056u, 0x03800000u, 0x04800000u}) {
        const Compact c = decode_compact(zero);
        EXPECT_TRUE(c.target.is_zero()) << std::hex << zero;
        EXPECT_FALSE(c.negative) << std::hex << zero;
        EXPECT_FALSE(c.overflow) << std::hex << zero;
        EXPECT_FALSE(target_of(zero));
    }
    struct {
        std::uint32_t bits;
        const char* target;
        bool negative;
        std::uint32_t again;
    } const cases[] = {
        {0x01123456, "12", false, 0x01120000},       {0x01fedcba, "7e", true, 0x017e0000},
        {0x02123456, "1234", false, 0x02123400},     {0x03123456, "123456", false, 0x03123456},
        {0x04123456, "12345600", false, 0x04123456}, {0x04923456, "12345600", true, 0x04123456},
        {0x05009234, "92340000", false, 0x05009234}};
    for (const auto& c : cases) {
        const Compact decoded = decode_compact(c.bits);
        EXPECT_EQ(decoded.target, hex(c.target));
        EXPECT_EQ(decoded.negative, c.negative);
        EXPECT_FALSE(decoded.overflow);
        EXPECT_EQ(compact_of(decoded.target), c.again);
    }
    const Compact large = decode_compact(0x20123456);
    EXPECT_EQ(large.target, hex("1234560000000000000000000000000000000000000000000000000000000000"));
    EXPECT_EQ(compact_of(large.target), 0x20123456u);
    EXPECT_TRUE(decode_compact(0xff123456).overflow);
    // The last that fit, the first that do not.
    EXPECT_EQ(decode_compact(0x220000ff).target, Uint256(0xff) << 248);
    EXPECT_FALSE(decode_compact(0x220000ff).overflow);
    EXPECT_TRUE(decode_compact(0x22000100).overflow);
    EXPECT_TRUE(decode_compact(0x21010000).overflow);
    EXPECT_FALSE(decode_compact(0x2100ffff).overflow);
    EXPECT_TRUE(decode_compact(0x23000001).overflow);
}

TEST(Compact, EncodesRoundingDownAndNeverNegative) {
    EXPECT_EQ(compact_of(0), 0u);
    EXPECT_EQ(compact_of(0x80), 0x02008000u);
    EXPECT_EQ(compact_of(hex("1234567")), 0x04012345u);
    EXPECT_EQ(compact_of(hex("ffffff")), 0x0400ffffu);
    EXPECT_EQ(compact_of(Uint256::max()), 0x2100ffffu);
    EXPECT_EQ(compact_of((Uint256(1) << 224) - 1), 0x1d00ffffu);
}

TEST(Compact, TheErrorSaysWhatIsWrong) {
    EXPECT_EQ(parse_bits(0x1d80ffff).error().what, "nBits 1d80ffff is negative");
    EXPECT_EQ(parse_bits(0).error().what, "nBits 00000000 is zero");
    EXPECT_EQ(parse_bits(0xff123456).error().what, "nBits ff123456 is larger than 256 bits");
    EXPECT_EQ(*parse_bits(0x1d00ffff), difficulty_one());
}

TEST(Difficulty, OfRealTargets) {
    EXPECT_DOUBLE_EQ(difficulty_of(Uint256(0xffff) << 208), 1.0);
    EXPECT_DOUBLE_EQ(difficulty_of(Uint256(0xffff) << 200), 256.0);
    EXPECT_DOUBLE_EQ(difficulty_of_bits(0x1d00ffff), 1.0);
    EXPECT_DOUBLE_EQ(difficulty_of_bits(0x1b0404cb), 16307.420938523983);      // the wiki's example
    EXPECT_DOUBLE_EQ(difficulty_of_bits(0x207fffff), 4.6565423739069247e-10);  // regtest, as nodes say
    EXPECT_EQ(difficulty_of_bits(0x1d80ffff), 0);
}

TEST(Difficulty, ToTargetIsExact) {
    EXPECT_EQ(*target_of_difficulty(1), difficulty_one());
    EXPECT_EQ(*target_of_difficulty(2), Uint256(0x7fff8) << 204);
    EXPECT_EQ(*target_of_difficulty(0.5), hex("1fffe0000000000000000000000000000000000000000000000000000"));
    EXPECT_EQ(*target_of_difficulty(3), Uint256(0x5555) << 208);
    EXPECT_EQ(*target_of_difficulty(7), difficulty_one() / 7);
    EXPECT_EQ(*target_of_difficulty(65535), Uint256(1) << 208);
    // Computed with exact fractions from the double nearest to the text.
    EXPECT_EQ(*target_of_difficulty(0.001),
              hex("3e7fc17fffffffa2405dc00000008c9f735fffffff2d10d2f00000013c6"));
    EXPECT_EQ(*target_of_difficulty(1e-6),
              hex("f4230bdc0000031c1146eb9d000a23c55600c62fe11023b62f063c9f1f607"));
    EXPECT_EQ(*target_of_difficulty(1.0000000000000001e-5),
              hex("1869e795ffffff7017bde8d2000350440d92a225ec77dedbfeaa3675216b5"));
    EXPECT_EQ(*target_of_difficulty(8192.5), hex("7ffd8009ffd8009ffd8009ffd8009ffd8009ffd8009ffd8009ffd"));
    EXPECT_EQ(*target_of_difficulty(1234567890000.0), hex("e3fdc2d7480199d0d84904cbf31a9c497db779fd9e23ef"));
    EXPECT_EQ(*target_of_difficulty(0x1p-32), Uint256(0xffff) << 240);
    EXPECT_EQ(*target_of_difficulty(1e-300), Uint256::max());
    EXPECT_EQ(*target_of_difficulty(std::numeric_limits<double>::denorm_min()), Uint256::max());
    EXPECT_EQ(*target_of_difficulty(0x1p223), Uint256(1));
}

TEST(Difficulty, RefusesInvalidNumbers) {
    for (const double bad : {0.0, -0.0, -1.0, std::nan(""), HUGE_VAL, -HUGE_VAL, 0x1p224, 1e300})
        EXPECT_FALSE(target_of_difficulty(bad)) << bad;
}

TEST(Work, CountsHashes) {
    EXPECT_EQ(work_of_bits(0x1d00ffff), hex("100010001"));
    EXPECT_EQ(work_of_bits(0x207fffff), Uint256(2));
    EXPECT_EQ(work_of(Uint256::max()), Uint256(1));
    EXPECT_EQ(work_of(Uint256(1)), Uint256(1) << 255);
    EXPECT_EQ(work_of_bits(0), Uint256(0));
}

}  // namespace
}  // namespace lode::chain
