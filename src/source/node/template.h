// A block template (BIP 22, 23, 9, 145) as a value: parsed from the node's JSON, checked, no I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "lode/header.h"
#include "lode/result.h"
#include "work/block_assembly.h"

namespace lode::source::node {

struct Template {
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
    std::uint64_t sigops = 0;        // of the transactions, in the units of sigop_limit
    std::uint64_t weight_limit = 0;  // 0: none given
    std::uint64_t sigop_limit = 0;   // 0: none given
    bool segwit = false;             // active: the rules say so, an offered commitment does not (bcoin)
    std::vector<std::uint8_t> witness_commitment;  // scriptPubKey; empty: none is needed
    std::vector<std::uint8_t> aux;                 // coinbaseaux.flags
    std::string longpollid;                        // empty: no long poll
    bool proposals = false;                        // the node checks proposals
};

using TemplatePtr = std::shared_ptr<const Template>;

// Malformed: a field that is missing or wrong, by name. Refused: a rule marked '!' that is not known (BIP 9),
// a signet that wants signatures.
Result<Template> parse_template(const nlohmann::json& result);

// The same work but for its time.
bool same_work(const Template& a, const Template& b);
// After `before`, `next` stands where it should: on the same block at the same height, or one up on another.
// A jump may be honest (the node caught up, or changed branches) and needs the node's word for it.
bool height_follows(const Template& before, const Template& next);

}  // namespace lode::source::node
