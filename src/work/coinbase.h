// The coinbase transaction of a solo block, as the two halves around the extranonces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lode/result.h"

namespace lode::work {

inline constexpr std::size_t kMaxCoinbaseScript = 100;  // bytes of its scriptSig, consensus; at least 2

struct CoinbaseSpec {
    std::int64_t height = 0;            // 1 to 2^31 - 1
    std::uint64_t value = 0;            // satoshis: subsidy and fees
    std::vector<std::uint8_t> script;   // scriptPubKey that gets them
    std::string tag;                    // shown in block explorers
    std::vector<std::uint8_t> aux;      // coinbaseaux of the template (BIP 22), left out if it does not fit
    std::size_t extranonce_bytes = 16;  // both extranonces together, 1 to 75
    std::vector<std::uint8_t> witness_commitment;  // scriptPubKey of the last output (BIP 141); empty: none
};

struct CoinbaseHalves {
    std::vector<std::uint8_t> before,
        after;  // the extranonces; without witness, so that the hash is the txid
};

// Usage: the tag does not fit.
Result<CoinbaseHalves> make_coinbase(const CoinbaseSpec& spec);

// A coinbase in all its parts, as a template provider of Stratum V2 prescribes them.
struct CoinbaseParts {
    std::uint32_t version = 2;
    std::vector<std::uint8_t> script_start;  // of its scriptSig: the height, and what is to stand behind it
    std::string tag;
    std::size_t extranonce_bytes = 16;  // both extranonces together, 1 to 75
    std::uint32_t sequence = 0;
    std::vector<std::uint8_t> outputs;  // serialized, one after the other
    std::size_t output_count = 0;
    std::uint32_t lock_time = 0;
};
// Usage error where the tag does not fit.
Result<CoinbaseHalves> make_coinbase(const CoinbaseParts& parts);
// value: satoshis; script: scriptPubKey
std::vector<std::uint8_t> serialize_output(std::uint64_t value, std::span<const std::uint8_t> script);

// The height that a coinbase states as its script's first push (BIP 34), from its bytes without witness up to
// the extranonces. Nothing where that push is not the one that nodes demand for the height: OP_1 to OP_16,
// else the shortest number; nor where it goes on after these bytes, or after the script.
[[nodiscard]] std::optional<std::int64_t> coinbase_height(std::span<const std::uint8_t> coinbase1);

// Converts a coinbase without witness to its form in a block with a commitment: adds marker, flag and the
// witness reserved value, one item of 32 zero bytes (BIP 141, BIP 144).
std::vector<std::uint8_t> with_witness(std::span<const std::uint8_t> coinbase);

// Consensus weight of the coinbase in the block: 4 * size without witness + witness bytes.
std::size_t coinbase_weight(std::size_t bytes_without_witness, bool witness);
// Legacy sigop count of an output script: 1 for P2PKH, 0 for the other address types.
unsigned legacy_sigops(std::span<const std::uint8_t> script);

// Height push of BIP 34, identical to Bitcoin Core's CScript() << height: OP_1 to OP_16
// for 1 to 16, else the minimal signed little-endian number.
std::vector<std::uint8_t> height_push(std::int64_t height);

}  // namespace lode::work
