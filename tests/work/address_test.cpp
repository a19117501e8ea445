#include "work/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/hex.h"
#include "work/address_text.h"

namespace lode::work {
namespace {

using testing::HasSubstr;

std::string script_of(const char* text) {
    const auto address = parse_address(text);
    return address ? util::to_hex(address->script) : address.error().text();
}

// BIP 173 and BIP 350, "Test vectors for ... segwit addresses".
TEST(Address, Bech32Vectors) {
    EXPECT_EQ(script_of("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"),
              "0014751e76e8199196d454941c45d1b3a323f1433bd6");
    EXPECT_EQ(script_of("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7"),
              "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262");
    EXPECT_EQ(script_of("tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c"),
              "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433");
    EXPECT_EQ(script_of("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
              "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
}

// BIP 350's invalid addresses, with what is wrong with each.
TEST(Address, InvalidBech32Vectors) {
    const std::pair<const char*, const char*> cases[] = {
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "kind of checksum"},
        {"BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "kind of checksum"},
        {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "kind of checksum"},
        {"bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "bech32 does not have"},
        {"BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "unknown witness version"},
        {"bc1pw5dgrnzv", "length"},
        {"BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "length"},
        {"tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", "mixed"},
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "length"},
        {"tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "length"},
        {"bc1gmk9yu", "checksum"},
        {"tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", "not an address"},
    };
    for (const auto& [text, reason] : cases) {
        const auto address = parse_address(text);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().kind, ErrorKind::Usage);
        EXPECT_THAT(address.error().text(), HasSubstr(reason)) << text;
        EXPECT_THAT(address.error().text(), HasSubstr(text));
    }
}

// Scripts by an independent decoder; the first address is that of the mainnet genesis coinbase key.
TEST(Address, Base58) {
    EXPECT_EQ(script_of("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
              "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac");
    EXPECT_EQ(script_of("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
              "a914b472a266d0bd89c13706a4132ccfb16f7c3b9fcb87");
    EXPECT_EQ(script_of("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"),
              "76a914243f1394f44554f4ce3fd68649c19adc483ce92488ac");
    EXPECT_THAT(script_of("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"), HasSubstr("checksum"));
    EXPECT_THAT(script_of("1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a"), HasSubstr("not an address"));
    EXPECT_THAT(script_of(""), HasSubstr("empty"));
    EXPECT_THAT(script_of(std::string(5000, '1').c_str()), HasSubstr("too long"));
    EXPECT_THAT(script_of("11111111111111111111111111111111111111"), HasSubstr("not an address"));
    EXPECT_THAT(script_of("\x1b[31mred"), HasSubstr("?[31mred"));
}

// BIP 173, BIP 350, and the addresses of block 170's outputs: what was an address is one again.
TEST(Address, OfAScript) {
    for (const auto& [text, network] :
         {std::pair("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "main"),
          {"tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "signet"},
          {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "main"},
          {"bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "regtest"},
          {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "main"},
          {"3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "main"},
          {"mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "testnet4"}})
        EXPECT_EQ(address_text(parse_address(text)->script, network), text);
    EXPECT_EQ(address_text(parse_address("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")->script, "nowhere"), "");
    EXPECT_EQ(address_text(std::vector<std::uint8_t>{0x6a, 1, 2}, "main"), "");
    EXPECT_EQ(address_text({}, "main"), "");
}

TEST(Address, NetworkIsChecked) {
    const auto on = [](const char* text, const char* network) {
        return check_network(*parse_address(text), network).has_value();
    };
    EXPECT_TRUE(on("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "main"));
    EXPECT_FALSE(on("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "regtest"));
    EXPECT_TRUE(on("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "regtest"));
    EXPECT_TRUE(on("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "signet"));
    EXPECT_TRUE(on("RLNcgZpJgK6Uh3zXgkm2z7As5nJJVt6HXr", "regtest"));  // bcoin's version byte 0x3c
    EXPECT_FALSE(on("RLNcgZpJgK6Uh3zXgkm2z7As5nJJVt6HXr", "testnet4"));
    EXPECT_TRUE(on("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "regtest"));
    EXPECT_FALSE(on("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "signet"));
    EXPECT_TRUE(on("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "testnet4"));
    const auto wrong =
        check_network(*parse_address("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"), "main").error();
    EXPECT_EQ(wrong.kind, ErrorKind::Usage);
    EXPECT_THAT(wrong.text(), HasSubstr("testnet3, testnet4, signet"));
    EXPECT_THAT(wrong.text(), HasSubstr("an address of main"));
}

}  // namespace
}  // namespace lode::work
