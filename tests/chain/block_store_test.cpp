#include "chain/block_store.h"

#include <array>
#include <filesystem>

#include <gtest/gtest.h>

#include "support/data.h"
#include "support/small_chain.h"

namespace lode::chain {
namespace {

// Its proof of work is hard enough to tell a damaged header; that of regtest is not.
const Network& local() {
    return *find_network("local");
}

std::vector<std::uint8_t> block(std::uint8_t height) {
    BlockHeader header = local().genesis;
    header.time += height;
    header.nonce = std::array<std::uint32_t, 8>{
        0, 338025, 3657778, 3043340, 699681, 301260, 0, 473561}[height];  // found before
    return test::coinbase_block(header, height);
}

Hash256 hash_of(const std::vector<std::uint8_t>& raw) {
    return parse_block(raw)->hash;
}

class BlockStoreTest : public testing::Test {
 protected:
    NetworkDir lock() { return NetworkDir::lock(dir.path(), local(), "test").value(); }
    void store(std::uint8_t count) {
        const NetworkDir locked = lock();
        auto blocks = BlockStore::open(locked);
        ASSERT_TRUE(blocks);
        for (std::uint8_t h = 1; h <= count; ++h) ASSERT_FALSE(blocks->append(block(h)));
    }
    test::TemporaryDir dir;
    std::string file = dir.path() + "/local/blocks.dat";
};

TEST(Block, CoinbaseOnly) {
    const auto raw = block(7);
    const auto view = parse_block(raw);
    ASSERT_TRUE(view) << view.error().text();
    EXPECT_EQ(view->size, raw.size());
    EXPECT_EQ(view->txids.size(), 1u);
    EXPECT_EQ(view->merkle_root, view->header.merkle_root);
    EXPECT_TRUE(view->coinbase_shape);
    EXPECT_EQ(view->coinbase_script, (std::vector<std::uint8_t>{1, 7}));
    EXPECT_EQ(view->coinbase_value, 5'000'000'000u);
}

TEST(Block, EveryCutAndEveryExtraByteIsRefused) {
    auto raw = block(1);
    for (std::size_t size = 0; size < raw.size(); ++size)
        EXPECT_FALSE(parse_block(std::span(raw).first(size))) << size;
    raw.push_back(0);
    EXPECT_FALSE(parse_block(raw));
}

TEST(Block, SumOfOutputsDoesNotWrap) {
    EXPECT_EQ(parse_block(test::coinbase_block(find_network("regtest")->genesis, 1, ~0ULL))->coinbase_value,
              ~0ULL);
}

// Blocks 0 to 4,312 of mainnet; block 170 has the first payment.
TEST(Block, RealBlocks) {
    LODE_DATA(bytes, read_data("blocks/mainnet_blk00000_first1MB.dat"));
    const auto* raw = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t count = 0, transactions = 0;
    for (std::size_t at = 0; at + 8 <= bytes.size();) {
        const std::size_t size =
            std::size_t{raw[at + 4]} | std::size_t{raw[at + 5]} << 8 | std::size_t{raw[at + 6]} << 16;
        if (at + 8 + size > bytes.size()) break;
        const auto view = parse_block({raw + at + 8, size});
        ASSERT_TRUE(view) << view.error().text();
        EXPECT_EQ(view->merkle_root, view->header.merkle_root);
        EXPECT_TRUE(view->coinbase_shape);
        if (count == 170) {
            EXPECT_EQ(view->txids.at(1).hex(),
                      "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16");
        }
        transactions += view->txids.size();
        ++count;
        at += 8 + size;
    }
    EXPECT_EQ(count, 4313u);
    EXPECT_GT(transactions, count);
}

TEST_F(BlockStoreTest, KeepsBlocks) {
    store(5);
    const NetworkDir locked = lock();
    auto blocks = BlockStore::open(locked);
    ASSERT_TRUE(blocks);
    EXPECT_EQ(blocks->size(), 5u);
    EXPECT_TRUE(blocks->remarks().empty());
    for (std::uint8_t h = 1; h <= 5; ++h) {
        const auto read = blocks->read(hash_of(block(h)));
        ASSERT_TRUE(read && *read);
        EXPECT_EQ(**read, block(h));
    }
    EXPECT_FALSE(*blocks->read(Hash256{}));
    const auto size = std::filesystem::file_size(file);
    EXPECT_FALSE(blocks->append(block(3)));  // here already
    EXPECT_EQ(std::filesystem::file_size(file), size);
}

TEST_F(BlockStoreTest, RefusesABlockWhoseTransactionsAreNotItsHeaders) {
    const NetworkDir locked = lock();
    auto blocks = BlockStore::open(locked);
    ASSERT_TRUE(blocks);
    auto raw = block(1);
    raw[raw.size() - 10] ^= 1;
    const auto error = blocks->append(raw);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->what.substr(0, 11), "merkle root");
    EXPECT_EQ(blocks->size(), 0u);
}

TEST_F(BlockStoreTest, AnIncompleteEndIsCutAtAnyByte) {
    store(3);
    const auto good = test::read_bytes(file);
    const std::size_t two = good.size() - 8 - block(3).size();
    for (std::size_t size = two + 1; size < good.size(); size += 4) {
        auto bytes = good;
        bytes.resize(size);
        test::write_bytes(file, bytes);
        const NetworkDir locked = lock();
        auto blocks = BlockStore::open(locked);
        ASSERT_TRUE(blocks);
        EXPECT_EQ(blocks->size(), 2u) << size;
        EXPECT_FALSE(blocks->damaged()) << size;
        EXPECT_EQ(blocks->remarks().size(), 1u) << size;
        EXPECT_EQ(std::filesystem::file_size(file), two) << size;
        ASSERT_FALSE(blocks->append(block(3)));
        EXPECT_EQ(test::read_bytes(file), good) << size;
    }
}

// Damage costs the block that it hit and no other, and what follows is stored after it.
TEST_F(BlockStoreTest, AnyFlippedByteCostsOneBlock) {
    store(3);
    const auto good = test::read_bytes(file);
    for (std::size_t at = 0; at < good.size(); at += 7) {
        auto bytes = good;
        bytes[at] ^= 0x10;
        test::write_bytes(file, bytes);
        const NetworkDir locked = lock();
        auto blocks = BlockStore::open(locked);
        ASSERT_TRUE(blocks);
        EXPECT_GE(blocks->size(), 2u) << at;
        EXPECT_EQ(blocks->remarks().size(), 1u) << at;
        for (std::uint8_t h = 1; h <= 4; ++h) ASSERT_FALSE(blocks->append(block(h)));
        const auto again = BlockStore::open(NetworkDir::view(dir.path(), local()));
        ASSERT_TRUE(again);
        for (std::uint8_t h = 1; h <= 4; ++h) EXPECT_TRUE(again->contains(hash_of(block(h)))) << at;
    }
}

}  // namespace
}  // namespace lode::chain
