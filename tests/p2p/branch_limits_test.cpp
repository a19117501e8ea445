#include "p2p/branch_limits.h"

#include <gtest/gtest.h>

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;

TEST(BranchLimits, TenUnconnectedMessagesInARow) {
    BranchLimits limits(0ms);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limits.unconnected());
    limits.connected();
    EXPECT_FALSE(limits.any_unconnected());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limits.unconnected());
    EXPECT_FALSE(limits.unconnected());
}

TEST(BranchLimits, AThousandBranchesOfLowWorkInARow) {
    BranchLimits limits(0ms);
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limits.low_work());
    EXPECT_FALSE(limits.low_work());
    limits.enough_work();
    EXPECT_TRUE(limits.low_work());
}

// 4000 at once, and one more every ten seconds.
TEST(BranchLimits, LosingHeadersByTime) {
    BranchLimits limits(1s);
    EXPECT_TRUE(limits.losing(4000, 1s));
    EXPECT_FALSE(limits.losing(1, 1s));
    EXPECT_TRUE(limits.losing(1, 31s));
    EXPECT_FALSE(limits.losing(2, 31s));
}

}  // namespace
}  // namespace lode::p2p
