#include "chain/network.h"

#include <set>

#include <gtest/gtest.h>

#include "chain/rules.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

const Network& net(std::string_view name) {
    return *find_network(name);
}

// Genesis hashes as block explorers show them, but of the local chain.
TEST(Networks, AreWhatTheyShouldBe) {
    const std::pair<const char*, const char*> genesis[] = {
        {"main", "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"},
        {"testnet3", "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943"},
        {"testnet4", "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043"},
        {"signet", "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6"},
        {"regtest", "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"},
        {"local", "00000353736107f2b00d22d1acf88e289a59c953e99b50ed05822c2b3f1cabc9"},
    };
    ASSERT_EQ(networks().size(), std::size(genesis));
    for (const auto& [name, hash] : genesis) {
        EXPECT_EQ(net(name).genesis_hash.hex(), hash);
        EXPECT_EQ(net(name).genesis.hash().hex(), hash);
        EXPECT_FALSE(check_proof_of_work(net(name), net(name).genesis, net(name).genesis_hash)) << name;
    }
    EXPECT_EQ(net("main").subsidy(0), 5'000'000'000u);
    EXPECT_EQ(net("main").subsidy(209'999), 5'000'000'000u);
    EXPECT_EQ(net("main").subsidy(840'000), 312'500'000u);
    EXPECT_EQ(net("main").subsidy(210'000 * 64), 0u);
    EXPECT_EQ(net("regtest").subsidy(150), 2'500'000'000u);
}

TEST(Networks, NamesAndAliases) {
    const std::pair<const char*, const char*> aliases[] = {{"main", "main"},
                                                           {"mainnet", "main"},
                                                           {"test", "testnet3"},
                                                           {"testnet", "testnet3"},
                                                           {"testnet3", "testnet3"}};
    for (const auto& [alias, name] : aliases) EXPECT_EQ((*parse_network(alias))->name, name);
    EXPECT_EQ(parse_network("simnet").error().what, "simnet, the private network of btcd, is not supported");
    EXPECT_EQ(parse_network("mian").error().expected,
              "one of main, testnet3, testnet4, signet, regtest, local");
    EXPECT_EQ(find_network(""), nullptr);
    std::set<std::string> stored;
    for (const Network& n : networks()) {
        EXPECT_LE(n.stored_name.size(), 12u);
        EXPECT_TRUE(stored.insert(n.stored_name).second);
    }
}

// The default challenge and its magic: BIP 325 and Bitcoin Core's chainparams. The others: sha256d of the
// challenge after its size, by Python's hashlib.
TEST(Signet, TheMagicFollowsFromTheChallenge) {
    EXPECT_EQ(signet_magic(net("signet").signet_challenge), net("signet").magic);
    EXPECT_EQ(util::to_hex(signet_magic(*util::from_hex("51"))), "54d26fbd");
    EXPECT_EQ(util::to_hex(signet_magic(std::vector<std::uint8_t>(300, 0x51))), "fd75bdc1");
}

TEST(Signet, AnotherChallengeIsAnotherNetwork) {
    const auto custom = parse_signet("51");
    ASSERT_TRUE(custom);
    EXPECT_EQ(custom->name, "signet");
    EXPECT_EQ(custom->stored_name, "sig-54d26fbd");
    EXPECT_EQ(util::to_hex(custom->magic), "54d26fbd");
    EXPECT_EQ(custom->genesis_hash, net("signet").genesis_hash);
    EXPECT_TRUE(custom->signet());
    EXPECT_EQ(util::to_hex(net("signet").magic), "0a03cf40");  // the table stays as it was

    EXPECT_EQ(parse_signet(util::to_hex(net("signet").signet_challenge))->stored_name, "signet");
    const std::string too_long(20'002, '0');
    for (const std::string_view bad :
         {std::string_view(), std::string_view("5"), std::string_view("xy"), std::string_view(too_long)})
        EXPECT_EQ(parse_signet(bad).error().expected, "a script in hex, 1 to 10000 bytes");
}

}  // namespace
}  // namespace lode::chain
