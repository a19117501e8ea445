// The coinbase transaction of a solo block, as the two halves around the extranonces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lode/result.h"

namespace lode::work {

inline constexpr std::size_t kMaxCoinbaseScript = 100;  // bytes of its scriptSig, consensus; at least 2

struct CoinbaseSpec {
    std::int64_t height = 0;           // 1 to 2^31 - 1
    std::uint64_t value = 0;           // satoshis: subsidy and fees
    std::vector<std::uint8_t> script;  // scriptPubKey that gets them
    std::string tag;                   // shown in block explorers
    std::vector<std::uint8_t> aux;     // coinbaseaux of the template (BIP 22), left out where it does not fit
    std::size_t extranonce_bytes = 16;             // both extranonces together, 1 to 75
    std::vector<std::uint8_t> witness_commitment;  // scriptPubKey of the last output (BIP 141); empty: none
};

struct CoinbaseHalves {
    std::vector<std::uint8_t> before,
        after;  // the extranonces; without witness, so that the hash is the txid
};

// Usage error where the tag does not fit.
Result<CoinbaseHalves> make_coinbase(const CoinbaseSpec& spec);

// A coinbase without witness as it stands in a block with a commitment: marker, flag and the witness reserved
// value, one item of 32 zero bytes (BIP 141, BIP 144).
std::vector<std::uint8_t> with_witness(std::span<const std::uint8_t> coinbase);

// Consensus weight of the coinbase in the block: 4 * size without witness + witness bytes.
std::size_t coinbase_weight(std::size_t bytes_without_witness, bool witness);
// Signature operations of an output script by the legacy count: 1 for P2PKH, 0 for the other address forms.
unsigned legacy_sigops(std::span<const std::uint8_t> script);

// Height push as BIP 34 wants it, byte for byte what Bitcoin Core's CScript() << height gives: OP_1 to OP_16
// for 1 to 16, else the minimal signed little-endian number.
std::vector<std::uint8_t> height_push(std::int64_t height);

}  // namespace lode::work
