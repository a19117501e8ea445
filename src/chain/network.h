// Networks as data: a new one is a row. Values: Bitcoin Core's chainparams, the BIPs named beside a field,
// and for `local` our own (see network.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::chain {

// From this height on, headers with a version (signed) below this are refused.
struct VersionRule {
    std::string_view name;  // "BIP34"
    std::int32_t version = 0;
    std::int64_t height = 0;
};

struct Network {
    std::string_view name;  // as --network takes it
    BlockHeader genesis;
    Hash256 genesis_hash;

    std::uint32_t pow_limit_bits = 0;  // the easiest target
    std::uint32_t spacing = 0;         // seconds a block should take
    std::uint32_t period = 0;          // blocks between retargets
    bool min_difficulty = false;       // easiest target allowed 2 * spacing after the previous block
    bool bip94 = false;                // time-warp rule; retarget from the first block of the period
    bool no_retarget = false;
    bool signet = false;  // blocks carry a solution to a challenge (BIP 325)
    std::array<VersionRule, 3> version_rules;

    std::array<std::uint8_t, 4> magic{};  // of P2P messages and block files
    std::uint16_t p2p_port = 0;
    std::uint16_t rpc_port = 0;  // of a node on this network; 0: there are none

    // Addresses: BIP 173 prefixes and base58 version bytes. Several, where nodes of one network differ.
    std::span<const std::string_view> hrp;
    std::span<const std::uint8_t> p2pkh;
    std::span<const std::uint8_t> p2sh;

    std::uint64_t initial_subsidy = 0;  // satoshi
    std::int64_t halving_interval = 0;  // blocks

    [[nodiscard]] std::int64_t timespan() const { return std::int64_t{spacing} * period; }  // seconds
    [[nodiscard]] std::uint64_t subsidy(std::int64_t height) const;                         // satoshi
};

// In the order main, testnet3, testnet4, signet, regtest, local.
[[nodiscard]] std::span<const Network> networks();
[[nodiscard]] const Network* find_network(std::string_view name);  // null: there is none of that name
[[nodiscard]] Result<const Network*> parse_network(std::string_view name);  // the Error lists the names

}  // namespace lode::chain
