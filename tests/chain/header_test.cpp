#include "lode/header.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

// Block 1 of mainnet, as any explorer shows it.
TEST(BlockHeader, HashOfBlockOne) {
    BlockHeader h;
    h.version = 1;
    h.prev = *Hash256::from_hex("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
    h.merkle_root = *Hash256::from_hex("0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098");
    h.time = 1231469665;
    h.bits = 0x1d00ffff;
    h.nonce = 2573394689;
    EXPECT_EQ(h.hash().hex(), "00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048");
    EXPECT_EQ(BlockHeader::parse(h.serialize()), h);
}

TEST(Hash256, TextIsReversed) {
    const auto h = Hash256::from_hex("00000000000000000000000000000000000000000000000000000000000000ff");
    ASSERT_TRUE(h);
    EXPECT_EQ(h->bytes[0], 0xff);
    EXPECT_EQ(h->number(), Uint256(255));
    EXPECT_FALSE(Hash256::from_hex("ff"));
}

}  // namespace
}  // namespace lode
