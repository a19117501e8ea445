#include "status/coinbase_outputs.h"

#include <gtest/gtest.h>

#include "util/hex.h"

namespace lode::status {
namespace {

// The coinbase of block 1 of main, with bytes 4 and 5 of its script as extranonces.
Job block_1() {
    Job job;
    job.coinbase1 = *util::from_hex(
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0704ffff00");
    job.extranonce1 = {0x1d};
    job.extranonce2_size = 2;
    job.coinbase2 = *util::from_hex(
        "ffffffff0100f2052a0100000043410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da75"
        "8937"
        "9515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac00000000");
    return job;
}

TEST(CoinbaseOutputs, OfBlock1) {
    const auto outputs = coinbase_outputs(block_1());
    ASSERT_TRUE(outputs);
    ASSERT_EQ(outputs->size(), 1u);
    EXPECT_EQ(outputs->front().value, 5'000'000'000u);
    EXPECT_EQ(outputs->front().kind, "p2pk");
    EXPECT_EQ(outputs->front().script.size(), 67u);
}

TEST(CoinbaseOutputs, Kinds) {
    // Scripts as BIP 141 and BIP 341 have them, with keys of zeros.
    Job job = block_1();
    job.coinbase2 = *util::from_hex(
        "ffffffff04"
        "0100000000000000"
        "160014" +
        std::string(40, '0') +
        "0200000000000000"
        "225120" +
        std::string(64, '0') +
        "0300000000000000"
        "1976a914" +
        std::string(40, '0') + "88ac" +
        "0000000000000000"
        "036a0101"
        "00000000");
    const auto outputs = coinbase_outputs(job);
    ASSERT_TRUE(outputs);
    std::string kinds;
    for (const auto& output : *outputs) kinds += output.kind + " ";
    EXPECT_EQ(kinds, "p2wpkh p2tr p2pkh op_return ");
}

std::string op_return(const char* hex) {
    return op_return_text(*util::from_hex(hex));
}

TEST(CoinbaseOutputs, TextOfAnOpReturn) {
    EXPECT_EQ(op_return("6a026869"), "hi");
    EXPECT_EQ(op_return("6a4c026869"), "hi");  // OP_PUSHDATA1
    EXPECT_EQ(op_return("6a0268"), "");        // cut off
    EXPECT_EQ(op_return("6a0168690168"), "");  // two pushes
    EXPECT_EQ(op_return("6a021b5b"), "");      // an escape sequence
    EXPECT_EQ(op_return("6a02ffff"), "");
    EXPECT_EQ(op_return("6a"), "");
    EXPECT_EQ(op_return("6a4c"), "");
    EXPECT_EQ(op_return("026869"), "");
}

TEST(CoinbaseOutputs, InvalidTransactions) {
    Job job = block_1();
    job.coinbase2.resize(20);
    EXPECT_FALSE(coinbase_outputs(job));
    job.coinbase2 = *util::from_hex(
        "ffffffff"
        "ffffffffffffffffff");  // 2^64 - 1 outputs
    EXPECT_FALSE(coinbase_outputs(job));
    job.coinbase1.clear();
    EXPECT_FALSE(coinbase_outputs(job));
    job = block_1();
    job.merkle_root.emplace();
    EXPECT_FALSE(coinbase_outputs(job));
}

}  // namespace
}  // namespace lode::status
