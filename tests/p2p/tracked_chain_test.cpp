#include "p2p/tracked_chain.h"

#include <gtest/gtest.h>

#include "tests/p2p/mined.h"

namespace lode::p2p {
namespace {

using namespace test;

// Whoever hands headers over has hashed them: that is the only time.
TEST(TrackedChain, TakesTheHashesItIsGiven) {
    Toy chain;
    const auto header = branch(regtest().genesis_hash, 1)[0];
    const Hash256 other{{1}};
    EXPECT_EQ(chain.add_headers({&header, 1}, {&other, 1}, kTime).status, Chain::Status::Added);
    EXPECT_EQ(chain.tip_hash(), other);
}

}  // namespace
}  // namespace lode::p2p
