#include "app/units.h"

#include <gtest/gtest.h>

namespace lode::app {
namespace {

TEST(Units, AsMinersWriteThem) {
    EXPECT_EQ(hashrate_text(0), "0 H/s");
    EXPECT_EQ(hashrate_text(999), "999 H/s");
    EXPECT_EQ(hashrate_text(41.234e6), "41.23 MH/s");
    EXPECT_EQ(hashrate_text(9.5e9), "9.50 GH/s");
    EXPECT_EQ(difficulty_text(0.0005), "0.0005");
    EXPECT_EQ(difficulty_text(512), "512");
    EXPECT_EQ(difficulty_text(92.67e12), "92.67T");
    EXPECT_EQ(difficulty_text(4.656542373906925e-10), "4.657e-10");  // regtest
    EXPECT_EQ(duration_text(7.26), "7.3s");
    EXPECT_EQ(duration_text(3723), "1h 02m 03s");
    EXPECT_EQ(duration_text(2 * 86400 + 3 * 3600), "2d 03h");
    EXPECT_EQ(duration_text(1e12), "3.17e+04 years");
    EXPECT_EQ(duration_text(1e300), duration_text(1e300));  // no number is too large
    EXPECT_EQ(hashrate_text(std::optional<double>()), "n/a");
}

TEST(Units, ABlockTakesItsDifficultyTimes2To32Hashes) {
    EXPECT_NEAR(block_seconds(0x1d00ffff, 1e6).value(), 4294.967296, 1e-6);
    EXPECT_FALSE(block_seconds(0x1d00ffff, 0));
    EXPECT_FALSE(block_seconds(0, 1e6));
}

TEST(Units, TheMiddleIsLeftOut) {
    EXPECT_EQ(shortened("0123456789abcdef", 16), "0123456789abcdef");
    EXPECT_EQ(shortened("0123456789abcdefg", 16), "0123456789..defg");
    EXPECT_EQ(shortened("000003c171a574a095a79d4285c7f809d2f761959457cc110caa1ec3198394d2", 20),
              "000003c171a5..8394d2");
}

}  // namespace
}  // namespace lode::app
