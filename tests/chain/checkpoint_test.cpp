#include "chain/checkpoint.h"

#include <gtest/gtest.h>

#include "support/small_chain.h"

namespace lode::chain {
namespace {

using test::regtest;

// Mainnet's rules with blocks that cost two hashes, so that the work is not known from the height.
Network easy() {
    Network n = regtest();
    n.no_retarget = false;
    return n;
}

const std::string kHash(64, 'a');

TEST(Checkpoint, IsReadWhole) {
    const auto checkpoint = parse_checkpoint("840000:" + kHash + ":00ff");
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->height, 840000);
    EXPECT_EQ(checkpoint->hash.hex(), kHash);
    EXPECT_EQ(checkpoint->work, Uint256(255));
}

TEST(Checkpoint, InvalidOnesAreRefused) {
    for (const std::string& bad :
         {std::string(), std::string("1"), "1:" + kHash, ":" + kHash + ":1", "-1:" + kHash + ":1",
          "+1:" + kHash + ":1", "1x:" + kHash + ":1", "1:" + kHash.substr(1) + ":1", "1:" + kHash + ":",
          "1:" + kHash + ":x", "99999999999999999999:" + kHash + ":1", "1:" + kHash + ":1:2"})
        EXPECT_EQ(parse_checkpoint(bad).error().expected,
                  "HEIGHT:HASH:WORK, the hash with 64 hex digits, the work in hex")
            << bad;
}

// Work that could overflow is none: 2^160 is more than all the hashing there will be.
TEST(Checkpoint, IsBounded) {
    EXPECT_TRUE(parse_checkpoint("1000000000:" + kHash + ":1" + std::string(40, '0')));
    EXPECT_EQ(parse_checkpoint("1000000001:" + kHash + ":1").error().text(),
              "checkpoint: height 1000000001 (expected: at most 1000000000)");
    EXPECT_EQ(parse_checkpoint("1:" + kHash + ":1" + std::string(39, '0') + "1").error().expected,
              "at most 1" + std::string(40, '0'));
    EXPECT_FALSE(parse_checkpoint("1:" + kHash + ":" + std::string(64, 'f')));
}

TEST(Checkpoint, GenesisHasItsHeightAndWork) {
    const auto at = [](std::int64_t height, const Hash256& hash, const BlockHeader& header,
                       std::uint64_t work) {
        const auto anchor = anchor_at(regtest(), {height, hash, Uint256(work)}, header);
        return anchor ? std::string() : anchor.error().text();
    };
    const BlockHeader& genesis = regtest().genesis;
    EXPECT_EQ(at(0, genesis.hash(), genesis, 2), "");
    EXPECT_EQ(at(0, genesis.hash(), genesis, 0xff),
              "checkpoint: work ff (expected: exactly 2 for 1 blocks on regtest)");
    EXPECT_EQ(at(1, genesis.hash(), genesis, 4),
              "checkpoint: height 1 (expected: 0, this is the genesis block)");
    const auto header = test::regtest_headers(1)[0];
    EXPECT_EQ(at(0, header.hash(), header, 2),
              "checkpoint: height 0 (expected: more than 0, that of genesis)");
    // nBits never change on regtest: 2 hashes a block.
    EXPECT_EQ(at(1, header.hash(), header, 4), "");
    EXPECT_EQ(at(1, header.hash(), header, 5),
              "checkpoint: work 5 (expected: exactly 4 for 2 blocks on regtest)");
}

TEST(Checkpoint, HasAtLeastTheWorkOfTheEasiestBlocks) {
    const Network network = easy();
    const auto header = test::regtest_headers(1)[0];
    EXPECT_TRUE(anchor_at(network, {10, header.hash(), Uint256(22)}, header));
    EXPECT_TRUE(anchor_at(network, {10, header.hash(), Uint256(1000)}, header));
    EXPECT_EQ(anchor_at(network, {10, header.hash(), Uint256(21)}, header).error().expected,
              "at least 16 for 11 blocks on regtest");
    BlockHeader no_work = header;
    while (!check_proof_of_work(network, no_work, no_work.hash())) ++no_work.nonce;
    EXPECT_FALSE(anchor_at(network, {10, no_work.hash(), Uint256(1000)}, no_work));
}

TEST(Checkpoint, IsComparedWithTheHeadersBeforeIt) {
    const Network network = easy();
    ChainTracker tracker(network);
    const auto headers = test::regtest_headers(3);
    for (const auto& header : std::span(headers).first(2)) ASSERT_TRUE(tracker.accept(header, kAnyTime));
    EXPECT_EQ(contradiction(tracker, {3, headers[2], Uint256(8)}), std::nullopt);
    EXPECT_EQ(contradiction(tracker, {3, headers[2], Uint256(9)})->text(),
              "checkpoint: work 9 (expected: 8, as the headers before it give)");
    EXPECT_EQ(contradiction(tracker, {4, headers[2], Uint256(8)})->text(),
              "checkpoint: height 4 (expected: 3, as the headers before it give)");
    EXPECT_EQ(contradiction(ChainTracker(network), {3, headers[2], Uint256(9)}), std::nullopt);
}

}  // namespace
}  // namespace lode::chain
