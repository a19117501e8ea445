#include "chain/header_pool.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace lode::chain {
namespace {

Hash256 random_hash(std::mt19937_64& random) {
    Hash256 hash;
    for (auto& byte : hash.bytes) byte = static_cast<std::uint8_t>(random());
    return hash;
}

HeaderRecord record(const Hash256& hash, std::uint32_t nonce = 0) {
    HeaderRecord record;
    record.hash = hash;
    record.nonce = nonce;
    return record;
}

TEST(HeaderPool, FindsWhatItHasAndNothingElse) {
    std::mt19937_64 random(115);
    HeaderPool pool;
    std::vector<Hash256> hashes;
    EXPECT_EQ(pool.find(Hash256{}), kNoIndex);
    for (Index i = 0; i < 20'000; ++i) {
        hashes.push_back(random_hash(random));
        EXPECT_EQ(pool.find(hashes.back()), kNoIndex);
        EXPECT_EQ(pool.add(record(hashes.back(), i)), i);
    }
    for (Index i = 0; i < pool.size(); ++i) {
        ASSERT_EQ(pool.find(hashes[i]), i);
        ASSERT_EQ(pool[i].nonce, i);
        EXPECT_EQ(pool.find(random_hash(random)), kNoIndex);
    }
}

// Hashes that a peer made so that all meet in one slot, the last, differ in their other bytes.
TEST(HeaderPool, HashesThatCollide) {
    HeaderPool pool;
    Hash256 hash;
    std::fill_n(hash.bytes.begin(), 8, std::uint8_t{0xff});
    for (Index i = 0; i < 300; ++i) {
        hash.bytes[20] = static_cast<std::uint8_t>(i);
        hash.bytes[21] = static_cast<std::uint8_t>(i >> 8);
        EXPECT_EQ(pool.find(hash), kNoIndex);
        EXPECT_EQ(pool.add(record(hash)), i);
        EXPECT_EQ(pool.find(hash), i);
    }
}

// Records, five bytes for each of at most 1.5 / (13 / 16) slots, and what the last block has free.
TEST(HeaderPool, MemoryIsBounded) {
    std::mt19937_64 random(120);
    HeaderPool pool;
    for (Index i = 0; i < 100'000; ++i) {
        pool.add(record(random_hash(random)));
        if (i < 1024) continue;
        ASSERT_LE(pool.memory(), 114u * pool.size() + 104 * 1024) << i;
    }
}

TEST(AddedWork, AddsCarriesAndSaturates) {
    const Uint256 limb = Uint256(1) << 64;
    const AddedWork all_low = AddedWork().plus(limb - Uint256(1));
    EXPECT_EQ(all_low.number(), limb - Uint256(1));
    EXPECT_EQ(all_low.plus(1).number(), limb);
    EXPECT_GT(all_low.plus(1), all_low);
    const Uint256 most = (Uint256(1) << 128) - Uint256(1);
    EXPECT_EQ(AddedWork().plus(most).number(), most);
    EXPECT_EQ(AddedWork().plus(most).plus(1).number(), most);
    EXPECT_EQ(AddedWork().plus(limb * 3).plus(most).number(), most);
    EXPECT_EQ(AddedWork().plus(Uint256(1) << 128).number(), most);
}

}  // namespace
}  // namespace lode::chain
