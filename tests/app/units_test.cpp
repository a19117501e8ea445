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
}

}  // namespace
}  // namespace lode::app
