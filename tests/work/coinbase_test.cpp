#include "work/coinbase.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/hex.h"
#include "work/block_assembly.h"

namespace lode::work {
namespace {

using testing::HasSubstr;

std::vector<std::uint8_t> bytes(std::string_view hex) {
    return *util::from_hex(hex);
}
std::string push_of(std::int64_t height) {
    return util::to_hex(height_push(height));
}

// BIP 34, and Bitcoin Core's CScript() << nHeight: what ContextualCheckBlock compares with.
TEST(Coinbase, HeightPush) {
    EXPECT_EQ(push_of(1), "51");
    EXPECT_EQ(push_of(16), "60");
    EXPECT_EQ(push_of(17), "0111");
    EXPECT_EQ(push_of(127), "017f");
    EXPECT_EQ(push_of(128), "028000");
    EXPECT_EQ(push_of(255), "02ff00");
    EXPECT_EQ(push_of(256), "020001");
    EXPECT_EQ(push_of(32767), "02ff7f");
    EXPECT_EQ(push_of(32768), "03008000");
    EXPECT_EQ(push_of(227836), "03fc7903");  // mainnet 227,836: its coinbase begins 03 fc7903
    EXPECT_EQ(push_of(8388608), "0400008000");
}

TEST(Coinbase, Layout) {
    CoinbaseSpec spec;
    spec.height = 500;
    spec.value = 5000000000;
    spec.script = bytes("0014751e76e8199196d454941c45d1b3a323f1433bd6");
    spec.tag = "/lode/";
    spec.extranonce_bytes = 12;
    spec.witness_commitment =
        bytes("6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9");
    const auto halves = make_coinbase(spec);
    ASSERT_TRUE(halves);
    // version 2; one input without an outpoint; script of 23 = 02f401 06"/lode/" 0c + 12
    EXPECT_EQ(util::to_hex(halves->before),
              "0200000001"
              "0000000000000000000000000000000000000000000000000000000000000000ffffffff"
              "17"
              "02f401"
              "062f6c6f64652f"
              "0c");
    // sequence 0xfffffffe; 50 coins; the commitment last; lock time 499
    EXPECT_EQ(util::to_hex(halves->after),
              "feffffff02"
              "00f2052a01000000160014751e76e8199196d454941c45d1b3a323f1433bd6"
              "0000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9"
              "f3010000");
}

TEST(Coinbase, WithWitness) {
    CoinbaseSpec spec;
    spec.height = 1;
    spec.extranonce_bytes = 1;
    spec.tag = "";
    spec.script = {0x51};
    auto halves = *make_coinbase(spec);
    std::vector<std::uint8_t> plain = halves.before;
    plain.push_back(0x77);
    plain.insert(plain.end(), halves.after.begin(), halves.after.end());
    EXPECT_EQ(util::to_hex(with_witness(plain)),
              "02000000"
              "0001"
              "010000000000000000000000000000000000000000000000000000000000000000ffffffff"
              "03510177feffffff01000000000000000001"
              "51"
              "01200000000000000000000000000000000000000000000000000000000000000000"
              "00000000");
}

TEST(Coinbase, TagThatDoesNotFitIsRefused) {
    CoinbaseSpec spec;
    spec.height = 900000;
    spec.script = {0x51};
    spec.extranonce_bytes = 16;
    spec.tag = std::string(77, 'x');  // 4 + 2 + 77 + 17 = 100
    EXPECT_TRUE(make_coinbase(spec));
    spec.tag += 'x';
    const auto refused = make_coinbase(spec);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Usage);
    EXPECT_THAT(refused.error().text(), HasSubstr("78 bytes"));
    EXPECT_THAT(refused.error().text(), HasSubstr("at most 77 bytes"));
    spec.tag = std::string(5000, 'x');
    EXPECT_FALSE(make_coinbase(spec));
}

TEST(Coinbase, AuxIsLeftOutWhereItDoesNotFit) {
    CoinbaseSpec spec;
    spec.height = 1;
    spec.script = {0x51};
    spec.tag = "/t/";
    spec.extranonce_bytes = 4;
    spec.aux = bytes("6d696e65642062792062636f696e");  // bcoin's "mined by bcoin"
    EXPECT_THAT(util::to_hex(make_coinbase(spec)->before),
                HasSubstr("510e6d696e65642062792062636f696e032f742f04"));
    spec.aux.assign(95, 0xaa);
    EXPECT_THAT(util::to_hex(make_coinbase(spec)->before), HasSubstr("ffffffff0a51032f742f04"));
}

TEST(Coinbase, WeightAndSigops) {
    EXPECT_EQ(coinbase_weight(100, false), 400u);
    EXPECT_EQ(coinbase_weight(100, true), 436u);
    EXPECT_EQ(legacy_sigops(bytes("76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac")), 1u);
    EXPECT_EQ(legacy_sigops(bytes("0014751e76e8199196d454941c45d1b3a323f1433bd6")), 0u);
}

// The genesis block of mainnet, put together from its parts.
TEST(BlockAssembly, MainnetGenesis) {
    Job job;
    job.coinbase1 = bytes(
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104");
    job.extranonce2_size = 1;
    job.coinbase2 = bytes(
        "5468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e"
        "6420"
        "6261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105c"
        "d6a8"
        "28e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac0000000"
        "0");
    Solution solution;
    solution.extranonce2 = {0x45};
    solution.header.version = 1;
    solution.header.merkle_root =
        *Hash256::from_hex("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
    solution.header.time = 1231006505;
    solution.header.bits = 0x1d00ffff;
    solution.header.nonce = 2083236893;
    solution.job = std::make_shared<const Job>(std::move(job));
    const auto block = assemble_block(solution, {});
    ASSERT_EQ(block.size(), 285u);
    EXPECT_EQ(BlockHeader::parse(std::span(block).first<80>()).hash().hex(),
              "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
    EXPECT_EQ(block[80], 1);
    EXPECT_EQ(util::to_hex(std::span(block).last(8)), "f11d5fac00000000");
}

TEST(BlockAssembly, TransactionsFollowTheCoinbase) {
    Job job;
    job.coinbase1 = bytes("02000000aa");
    job.coinbase2 = bytes("bb00000000");
    Solution solution;
    solution.job = std::make_shared<const Job>(std::move(job));
    const BlockBody body{.transactions = bytes("c0ffee"), .count = 252, .witness = false};
    const auto block = assemble_block(solution, body);
    EXPECT_EQ(util::to_hex(std::span(block).subspan(80)), "fdfd0002000000aabb00000000c0ffee");
}

// After the version: the number of inputs, the outpoint of none, the size of the script and its beginning.
std::int64_t height_of(std::string_view script, std::string_view inputs = "01") {
    const auto raw = *util::from_hex("01000000" + std::string(inputs) + std::string(64, '0') + "ffffffff" +
                                     std::string(script));
    return coinbase_height(raw).value_or(-1);
}

// Heights as they stand in coinbases of mainnet, and by BIP 34.
TEST(CoinbaseHeight, IsTheFirstPush) {
    EXPECT_EQ(height_of("0451000000"), 1);       // OP_1
    EXPECT_EQ(height_of("0460000000"), 16);      // OP_16
    EXPECT_EQ(height_of("020111"), 17);          // 0x11
    EXPECT_EQ(height_of("04028000aa"), 128);     // the sign bit needs a byte
    EXPECT_EQ(height_of("1d03a37903"), 227747);  // version 2 block 227,747
    EXPECT_EQ(height_of("1d03ef720d"), 881391);
    EXPECT_EQ(height_of("0504ffffff7f"), 2147483647);
}

TEST(CoinbaseHeight, IsUnknownWhereNodesWantAnotherPush) {
    EXPECT_EQ(height_of("020180"), -1);          // negative
    EXPECT_EQ(height_of("0403ffff80"), -1);      // negative
    EXPECT_EQ(height_of("0504ffffffff"), -1);    // negative
    EXPECT_EQ(height_of("020105"), -1);          // 5 is OP_5
    EXPECT_EQ(height_of("020110"), -1);          // 16 is OP_16
    EXPECT_EQ(height_of("03021100"), -1);        // 17 needs one byte
    EXPECT_EQ(height_of("0403720d00"), -1);      // two bytes would do
    EXPECT_EQ(height_of("0600"), -1);            // OP_0
    EXPECT_EQ(height_of("064f"), -1);            // OP_1NEGATE
    EXPECT_EQ(height_of("0661"), -1);            // OP_NOP
    EXPECT_EQ(height_of("06050000000001"), -1);  // longer than any height
}

TEST(CoinbaseHeight, IsUnknownWhereItIsCutOff) {
    EXPECT_EQ(height_of("0403ef72"), -1);    // goes on in the extranonce
    EXPECT_EQ(height_of("0203ef720d"), -1);  // longer than its script
    EXPECT_EQ(height_of("0051"), -1);        // no script
    EXPECT_EQ(height_of("04"), -1);
    EXPECT_EQ(height_of("0451000000", "02"), -1);  // two inputs: no coinbase
    EXPECT_EQ(coinbase_height({}).value_or(-1), -1);
}

}  // namespace
}  // namespace lode::work
