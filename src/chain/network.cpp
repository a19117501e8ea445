#include "chain/network.h"

#include <vector>

#include <fmt/format.h>

#include "util/hex.h"

namespace lode::chain {
namespace {

using namespace std::string_view_literals;

constexpr std::array kMainHrp = {"bc"sv}, kTestHrp = {"tb"sv}, kLocalHrp = {"lode"sv};
constexpr std::array kRegtestHrp = {"bcrt"sv, "rb"sv};  // Bitcoin Core; bcoin
constexpr std::array<std::uint8_t, 1> kMainPubkey = {0x00}, kMainScript = {0x05}, kTestPubkey = {0x6f},
                                      kTestScript = {0xc4};
constexpr std::array<std::uint8_t, 2> kRegtestPubkey = {0x6f, 0x3c}, kRegtestScript = {0xc4, 0x26};

constexpr std::uint64_t kCoin = 100'000'000;
constexpr std::uint32_t kTwoWeeksOfBlocks = 2016;

// The coinbase of 2009 ("Chancellor on brink") is the only transaction of most genesis blocks.
constexpr auto kSatoshiRoot = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"sv;

std::array<VersionRule, 3> versions(std::int64_t bip34, std::int64_t bip66, std::int64_t bip65) {
    return {VersionRule{"BIP34", 2, bip34}, VersionRule{"BIP66", 3, bip66}, VersionRule{"BIP65", 4, bip65}};
}

void set_genesis(Network& n, std::string_view root, std::uint32_t time, std::uint32_t nonce) {
    n.genesis = {1, Hash256{}, *Hash256::from_hex(root), time, n.pow_limit_bits, nonce};
    n.genesis_hash = n.genesis.hash();
}

Network mainnet() {
    Network n;
    n.name = "main";
    n.pow_limit_bits = 0x1d00ffff;
    n.spacing = 600;
    n.period = kTwoWeeksOfBlocks;
    n.version_rules = versions(227931, 363725, 388381);
    n.magic = {0xf9, 0xbe, 0xb4, 0xd9};
    n.p2p_port = 8333;
    n.rpc_port = 8332;
    n.hrp = kMainHrp;
    n.p2pkh = kMainPubkey;
    n.p2sh = kMainScript;
    n.initial_subsidy = 50 * kCoin;
    n.halving_interval = 210'000;
    set_genesis(n, kSatoshiRoot, 1231006505, 2083236893);
    return n;
}

Network testnet3() {
    Network n = mainnet();
    n.name = "testnet3";
    n.min_difficulty = true;
    n.version_rules = versions(21111, 330776, 581885);
    n.magic = {0x0b, 0x11, 0x09, 0x07};
    n.p2p_port = 18333;
    n.rpc_port = 18332;
    n.hrp = kTestHrp;
    n.p2pkh = kTestPubkey;
    n.p2sh = kTestScript;
    set_genesis(n, kSatoshiRoot, 1296688602, 414098458);
    return n;
}

Network testnet4() {  // BIP 94
    Network n = testnet3();
    n.name = "testnet4";
    n.bip94 = true;
    n.version_rules = versions(1, 1, 1);
    n.magic = {0x1c, 0x16, 0x3f, 0x28};
    n.p2p_port = 48333;
    n.rpc_port = 48332;
    set_genesis(n, "7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e", 1714777860, 393743547);
    return n;
}

Network signet() {  // BIP 325; the challenge decides the magic, not the headers: this is the default's
    Network n = testnet4();
    n.name = "signet";
    n.min_difficulty = n.bip94 = false;
    n.signet = true;
    n.pow_limit_bits = 0x1e0377ae;
    n.magic = {0x0a, 0x03, 0xcf, 0x40};
    n.p2p_port = 38333;
    n.rpc_port = 38332;
    set_genesis(n, kSatoshiRoot, 1598918400, 52613770);
    return n;
}

Network regtest() {
    Network n = testnet3();
    n.name = "regtest";
    n.no_retarget = true;
    n.pow_limit_bits = 0x207fffff;
    n.version_rules = versions(1, 1, 1);
    n.magic = {0xfa, 0xbf, 0xb5, 0xda};
    n.p2p_port = 18444;
    n.rpc_port = 18443;
    n.hrp = kRegtestHrp;
    n.p2pkh = kRegtestPubkey;
    n.p2sh = kRegtestScript;
    n.halving_interval = 150;
    set_genesis(n, kSatoshiRoot, 1296688602, 2);
    return n;
}

// A chain for one machine or a few. A block every 2 s, a retarget every 10, and a first target of 2^21 hashes
// a block: a CPU of 4 to 100 MH/s shows its first change of difficulty within seconds and settles within a
// minute; a device a thousand times faster climbs by x4 a period, 50 blocks more. A header cannot show more
// than about six blocks a second (its time must pass the median of 11), so a miner that never lets header
// time run ahead of the clock loses nothing but the few seconds of that climb; see rules.h, earliest_time().
Network local() {
    Network n = testnet3();
    n.name = "local";
    n.min_difficulty = false;
    n.pow_limit_bits = 0x1e080000;  // 2^235
    n.spacing = 2;
    n.period = 10;
    n.version_rules = versions(1, 1, 1);
    n.magic = {0xec, 0xef, 0xe4, 0xe5};  // "lode" with the high bits set: never in text
    n.p2p_port = 28777;
    n.rpc_port = 0;
    n.hrp = kLocalHrp;
    // The root is SHA-256d of "lode local chain, 2026": no transaction, so nothing to spend.
    set_genesis(n, "0b14bba26ff9a875ee2879df572c06c236f67f3c5182c7f113db0d5fa4f277d1", 1767225600, 3223611);
    return n;
}

const std::vector<Network>& table() {
    static const std::vector<Network> rows = {mainnet(), testnet3(), testnet4(),
                                              signet(),  regtest(),  local()};
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

const Network* find_network(std::string_view name) {
    for (const Network& n : table())
        if (n.name == name) return &n;
    return nullptr;
}

Result<const Network*> parse_network(std::string_view name) {
    if (const Network* n = find_network(name)) return n;
    std::vector<std::string_view> names;
    for (const Network& n : table()) names.push_back(n.name);
    return fail(ErrorKind::Usage, fmt::format("unknown network \"{}\"", util::printable(name, 40)), {},
                fmt::format("one of {}", fmt::join(names, ", ")));
}

}  // namespace lode::chain
