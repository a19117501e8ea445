#include "work/merkle.h"

#include <gtest/gtest.h>

namespace lode::work {
namespace {

Hash256 txid(const char* hex) {
    return *Hash256::from_hex(hex);
}

// Mainnet block 170, the first with a payment: its coinbase, the payment and the header's merkle root.
TEST(Merkle, Block170) {
    const auto coinbase = txid("b1fea52486ce0c62bb442b530a3f0132b826c74e473d1f2c220bfa78111c5082");
    const auto payment = txid("f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16");
    const auto root = txid("7dac2c5666815c17a3b36427de37bb9d2e2c5ccec3f8633eb91a4205cb4c10ff");
    EXPECT_EQ(merkle_root({coinbase, payment}), root);
    EXPECT_EQ(apply_branch(coinbase, branch_of_first({payment})), root);
}

TEST(Merkle, BranchAgreesWithTheTreeAtEverySize) {
    std::vector<Hash256> others;
    const auto first = txid("00000000000000000000000000000000000000000000000000000000000000aa");
    for (std::uint8_t n = 0; n < 40; ++n) {
        std::vector<Hash256> all = {first};
        all.insert(all.end(), others.begin(), others.end());
        EXPECT_EQ(apply_branch(first, branch_of_first(others)), merkle_root(all)) << int{n};
        Hash256 next;
        next.bytes.fill(n);
        others.push_back(next);
    }
}

}  // namespace
}  // namespace lode::work
