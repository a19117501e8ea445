// A block template (BIP 22, 23, 9, 145) as a value: parsed from the node's JSON, checked, no I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "lode/job.h"
#include "lode/result.h"
#include "work/block_assembly.h"

namespace lode::source::node {

struct Template : JobContext {
    std::int64_t height = 0;
    Hash256 prev;
    std::uint32_t version = 0;
    std::uint32_t required_bits = 0;  // of the version: vbrequired (BIP 9)
    std::uint32_t bits = 0;
    Uint256 target;              // of bits
    std::uint32_t time = 0;      // curtime, not below mintime
    std::uint64_t value = 0;     // coinbasevalue in satoshis: subsidy and fees
    std::vector<Hash256> txids;  // of the transactions, without the coinbase
    work::BlockBody body;
    std::uint64_t weight = 0;        // of the transactions
    std::uint64_t sigops = 0;        // of the transactions, in units of sigop_limit
    std::uint64_t weight_limit = 0;  // 0: none given
    std::uint64_t sigop_limit = 0;   // 0: none given
    // Whether segwit is active: by the rules; without rules (btcd), by the presence of a commitment. With
    // rules a commitment is no indication: bcoin sends one before activation.
    bool segwit = false;
    std::vector<std::uint8_t> witness_commitment;  // scriptPubKey; empty: not needed
    std::vector<std::uint8_t> aux;                 // coinbaseaux.flags
    std::string longpollid;                        // empty: no long poll
    bool proposals = false;                        // the node checks proposals
    std::vector<std::uint8_t> signet_challenge;    // BIP 325; empty: not a signet
};

using TemplatePtr = std::shared_ptr<const Template>;

// Malformed: a field that is missing or wrong, by name. Refused: a rule marked '!' that is not known (BIP 9).
Result<Template> parse_template(const nlohmann::json& result);

// The same work except for its time.
bool same_work(const Template& a, const Template& b);
// Whether the height of `next` follows from `before`: the same block and height, or another block one higher.
// A jump may be legitimate (the node synced, or reorganised) and must be confirmed by the node.
bool height_follows(const Template& before, const Template& next);

}  // namespace lode::source::node
