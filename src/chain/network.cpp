#include "chain/network.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/sha256.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

using namespace std::string_view_literals;

constexpr std::array kMainAliases = {"mainnet"sv};            // btcd
constexpr std::array kTestAliases = {"test"sv, "testnet"sv};  // Bitcoin Core; bcoin

constexpr std::array kMainHrp = {"bc"sv}, kTestHrp = {"tb"sv}, kLocalHrp = {"lode"sv};
constexpr std::array kRegtestHrp = {"bcrt"sv, "rb"sv};  // Bitcoin Core; bcoin
constexpr std::array<std::uint8_t, 1> kMainPubkey = {0x00}, kMainScript = {0x05}, kTestPubkey = {0x6f},
                                      kTestScript = {0xc4};
constexpr std::array<std::uint8_t, 2> kRegtestPubkey = {0x6f, 0x3c}, kRegtestScript = {0xc4, 0x26};
constexpr AddressPrefixes kMainAddresses = {kMainHrp, kMainPubkey, kMainScript},
                          kTestAddresses = {kTestHrp, kTestPubkey, kTestScript},
                          kRegtestAddresses = {kRegtestHrp, kRegtestPubkey, kRegtestScript},
                          kLocalAddresses = {kLocalHrp, kTestPubkey, kTestScript};

constexpr std::uint64_t kCoin = 100'000'000;
constexpr std::size_t kMaxChallenge = 10'000;  // bytes, the largest script that can be executed

// Merkle root of most genesis blocks, whose only transaction is the coinbase of 2009 ("Chancellor on brink").
constexpr auto kSatoshiRoot = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"sv;

std::array<VersionRule, 3> versions(std::int64_t bip34, std::int64_t bip66, std::int64_t bip65) {
    return {VersionRule{"BIP34", 2, bip34}, VersionRule{"BIP66", 3, bip66}, VersionRule{"BIP65", 4, bip65}};
}

BlockHeader genesis(std::string_view root, std::uint32_t time, std::uint32_t bits, std::uint32_t nonce) {
    return {1, Hash256{}, *Hash256::from_hex(root), time, bits, nonce};
}

const std::vector<Network>& table() {
    static const std::vector<Network> rows = {
        {
            .name = "main",
            .aliases = kMainAliases,
            .stored_name = "main",
            .genesis = genesis(kSatoshiRoot, 1231006505, 0x1d00ffff, 2083236893),
            .genesis_hash =
                *Hash256::from_hex("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"),
            .pow_limit_bits = 0x1d00ffff,
            .spacing = 600,
            .period = 2016,
            .max_retarget_factor = 4,
            .min_difficulty_after = 0,
            .bip94 = false,
            .no_retarget = false,
            .version_rules = versions(227931, 363725, 388381),
            .signet_challenge = {},
            .magic = {0xf9, 0xbe, 0xb4, 0xd9},
            .p2p_port = 8333,
            .rpc_port = 8332,
            .addresses = kMainAddresses,
            .initial_subsidy = 50 * kCoin,
            .halving_interval = 210'000,
        },
        {
            .name = "testnet3",
            .aliases = kTestAliases,
            .stored_name = "testnet3",
            .genesis = genesis(kSatoshiRoot, 1296688602, 0x1d00ffff, 414098458),
            .genesis_hash =
                *Hash256::from_hex("000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943"),
            .pow_limit_bits = 0x1d00ffff,
            .spacing = 600,
            .period = 2016,
            .max_retarget_factor = 4,
            .min_difficulty_after = 1200,
            .bip94 = false,
            .no_retarget = false,
            .version_rules = versions(21111, 330776, 581885),
            .signet_challenge = {},
            .magic = {0x0b, 0x11, 0x09, 0x07},
            .p2p_port = 18333,
            .rpc_port = 18332,
            .addresses = kTestAddresses,
            .initial_subsidy = 50 * kCoin,
            .halving_interval = 210'000,
        },
        {
            .name = "testnet4",  // BIP 94
            .aliases = {},
            .stored_name = "testnet4",
            .genesis = genesis("7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e", 1714777860,
                               0x1d00ffff, 393743547),
            .genesis_hash =
                *Hash256::from_hex("00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043"),
            .pow_limit_bits = 0x1d00ffff,
            .spacing = 600,
            .period = 2016,
            .max_retarget_factor = 4,
            .min_difficulty_after = 1200,
            .bip94 = true,
            .no_retarget = false,
            .version_rules = versions(1, 1, 1),
            .signet_challenge = {},
            .magic = {0x1c, 0x16, 0x3f, 0x28},
            .p2p_port = 48333,
            .rpc_port = 48332,
            .addresses = kTestAddresses,
            .initial_subsidy = 50 * kCoin,
            .halving_interval = 210'000,
        },
        {
            .name = "signet",  // BIP 325: the default one, with its two-key challenge
            .aliases = {},
            .stored_name = "signet",
            .genesis = genesis(kSatoshiRoot, 1598918400, 0x1e0377ae, 52613770),
            .genesis_hash =
                *Hash256::from_hex("00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6"),
            .pow_limit_bits = 0x1e0377ae,
            .spacing = 600,
            .period = 2016,
            .max_retarget_factor = 4,
            .min_difficulty_after = 0,
            .bip94 = false,
            .no_retarget = false,
            .version_rules = versions(1, 1, 1),
            .signet_challenge =
                *util::from_hex("512103ad5e0edad18cb1f0fc0d28a3d4f1f3e445640337489abb10404f2d1e086be430"
                                "210359ef5021964fe22d6f8e05b2463c9540ce96883fe3b278760f048f5189f2e6c452ae"),
            .magic = {0x0a, 0x03, 0xcf, 0x40},
            .p2p_port = 38333,
            .rpc_port = 38332,
            .addresses = kTestAddresses,
            .initial_subsidy = 50 * kCoin,
            .halving_interval = 210'000,
        },
        {
            .name = "regtest",
            .aliases = {},
            .stored_name = "regtest",
            .genesis = genesis(kSatoshiRoot, 1296688602, 0x207fffff, 2),
            .genesis_hash =
                *Hash256::from_hex("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"),
            .pow_limit_bits = 0x207fffff,
            .spacing = 600,
            .period = 2016,
            .max_retarget_factor = 4,
            .min_difficulty_after = 1200,
            .bip94 = false,
            .no_retarget = true,
            .version_rules = versions(1, 1, 1),
            .signet_challenge = {},
            .magic = {0xfa, 0xbf, 0xb5, 0xda},
            .p2p_port = 18444,
            .rpc_port = 18443,
            .addresses = kRegtestAddresses,
            .initial_subsidy = 50 * kCoin,
            .halving_interval = 150,
        },
        // A chain for one machine or a few. A block every 2 s, a retarget every 10, and a first target of
        // 2^21 hashes per block: a CPU of 4 to 100 MH/s shows its first change of difficulty within seconds
        // and settles within a minute; for a device a thousand times faster difficulty rises x4 per period,
        // for 50 more blocks. Header time allows at most about six blocks per second (it must exceed the
        // median of 11), so a miner that never lets header time run ahead of the clock loses only the few
        // seconds of that rise; see rules.h, earliest_time().
        {
            .name = "local",
            .aliases = {},
            .stored_name = "local",
            // The merkle root is SHA-256d of "lode local chain, 2026": no transaction, so nothing to spend.
            .genesis = genesis("0b14bba26ff9a875ee2879df572c06c236f67f3c5182c7f113db0d5fa4f277d1", 1767225600,
                               0x1e080000, 3223611),
            .genesis_hash =
                *Hash256::from_hex("00000353736107f2b00d22d1acf88e289a59c953e99b50ed05822c2b3f1cabc9"),
            .pow_limit_bits = 0x1e080000,  // 2^235
            .spacing = 2,
            .period = 10,
            .max_retarget_factor = 4,
            .min_difficulty_after = 0,
            .bip94 = false,
            .no_retarget = false,
            .version_rules = versions(1, 1, 1),
            .signet_challenge = {},
            .magic = {0xec, 0xef, 0xe4, 0xe5},  // "lode" with the high bits set: never in text
            .p2p_port = 28777,
            .rpc_port = 0,
            .addresses = kLocalAddresses,
            .initial_subsidy = 50 * kCoin,
            .halving_interval = 210'000,
        },
    };
    return rows;
}

}  // namespace

std::uint64_t Network::subsidy(std::int64_t height) const {
    const std::int64_t halvings = height / halving_interval;
    return halvings >= 64 ? 0 : initial_subsidy >> halvings;
}

std::span<const Network> networks() {
    return table();
}

std::string network_names() {
    std::vector<std::string_view> names;
    for (const Network& n : table()) names.push_back(n.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

const Network* find_network(std::string_view name) {
    for (const Network& n : table())
        if (n.name == name || std::ranges::find(n.aliases, name) != n.aliases.end()) return &n;
    return nullptr;
}

Result<const Network*> parse_network(std::string_view name) {
    if (const Network* n = find_network(name)) return n;
    const std::string one_of = "one of " + network_names();
    if (name == "simnet")
        return fail(ErrorKind::Usage, "simnet, the private network of btcd, is not supported", {}, one_of);
    return fail(ErrorKind::Usage, fmt::format("unknown network \"{}\"", util::printable(name, 40)), {},
                one_of);
}

std::array<std::uint8_t, 4> signet_magic(std::span<const std::uint8_t> challenge) {
    // The script serialized: its size as CompactSize, then its bytes.
    std::vector<std::uint8_t> size = {static_cast<std::uint8_t>(challenge.size())};
    if (challenge.size() >= 0xfd)
        size = {0xfd, static_cast<std::uint8_t>(challenge.size()),
                static_cast<std::uint8_t>(challenge.size() >> 8)};
    const Hash256 hash = crypto::sha256d(size, challenge);
    std::array<std::uint8_t, 4> magic{};
    std::copy_n(hash.bytes.begin(), magic.size(), magic.begin());
    return magic;
}

Network custom_signet(std::span<const std::uint8_t> challenge) {
    Network network = *find_network("signet");
    if (std::ranges::equal(challenge, network.signet_challenge)) return network;
    network.signet_challenge.assign(challenge.begin(), challenge.end());
    network.magic = signet_magic(challenge);
    network.stored_name = "sig-" + util::to_hex(network.magic);
    return network;
}

Result<Network> parse_signet(std::string_view challenge_hex) {
    const auto challenge = util::from_hex(challenge_hex);
    if (!challenge || challenge->empty() || challenge->size() > kMaxChallenge)
        return fail(ErrorKind::Usage, fmt::format("\"{}\"", util::printable(challenge_hex, 40)),
                    "signet challenge", fmt::format("a script in hex, 1 to {} bytes", kMaxChallenge));
    return custom_signet(*challenge);
}

}  // namespace lode::chain
