// Network parameters; a new network is a row. Values: Bitcoin Core's chainparams, the BIPs named beside a
// field, and for `local` our own (see network.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::chain {

// From this height on, headers with a (signed) version below this are rejected.
struct VersionRule {
    std::string_view name;  // "BIP34"
    std::int32_t version = 0;
    std::int64_t height = 0;
};

// BIP 173 prefixes and base58 version bytes. Several if node implementations differ.
struct AddressPrefixes {
    std::span<const std::string_view> hrp;
    std::span<const std::uint8_t> p2pkh;
    std::span<const std::uint8_t> p2sh;
};

struct Network {
    std::string_view name;                      // the name that lode uses
    std::span<const std::string_view> aliases;  // names that nodes and other programs use
    // Name of its data directory, also stored in its files; at most 12 characters.
    std::string stored_name;

    BlockHeader genesis;
    Hash256 genesis_hash;

    std::uint32_t pow_limit_bits = 0;        // proof-of-work limit: the easiest target
    std::uint32_t spacing = 0;               // target block interval, seconds
    std::uint32_t period = 0;                // blocks between retargets
    std::uint32_t max_retarget_factor = 0;   // a retarget multiplies or divides the target by at most this
    std::uint32_t min_difficulty_after = 0;  // seconds after the previous block, beyond which the
                                             // easiest target is allowed; 0: never
    bool bip94 = false;                      // time-warp rule; retarget from the first block of the period
    bool no_retarget = false;
    std::array<VersionRule, 3> version_rules;

    // The script that a block's solution must satisfy (BIP 325); empty: not a signet.
    std::vector<std::uint8_t> signet_challenge;

    std::array<std::uint8_t, 4> magic{};  // of P2P messages and block files
    std::uint16_t p2p_port = 0;
    std::uint16_t rpc_port = 0;  // of a node on this network; 0: no nodes exist

    AddressPrefixes addresses;

    std::uint64_t initial_subsidy = 0;  // satoshi
    std::int64_t halving_interval = 0;  // blocks

    [[nodiscard]] std::int64_t timespan() const { return std::int64_t{spacing} * period; }  // seconds
    [[nodiscard]] std::uint64_t subsidy(std::int64_t height) const;                         // satoshi
    [[nodiscard]] bool signet() const { return !signet_challenge.empty(); }
};

// In the order main, testnet3, testnet4, signet, regtest, local.
[[nodiscard]] std::span<const Network> networks();
[[nodiscard]] std::string network_names();  // "main, testnet3, …"
// By name or alias; null if unknown.
[[nodiscard]] const Network* find_network(std::string_view name);
// The same, with an Error that lists the names.
[[nodiscard]] Result<const Network*> parse_network(std::string_view name);

// The magic of a signet: the first four bytes of SHA-256d of the serialized challenge script (BIP 325).
[[nodiscard]] std::array<std::uint8_t, 4> signet_magic(std::span<const std::uint8_t> challenge);
// A signet with another challenge: only its magic and stored_name differ from the default's. Functions that
// take a Network may keep a pointer to it, so it must outlive their objects.
[[nodiscard]] Network custom_signet(std::span<const std::uint8_t> challenge);
// The same from hex; returns the default signet if the challenge is the default's.
[[nodiscard]] Result<Network> parse_signet(std::string_view challenge_hex);

}  // namespace lode::chain
