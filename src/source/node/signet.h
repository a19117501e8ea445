// Blocks of a signet that wants signatures (BIP 325): what is signed, and where the solution goes. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::source::node::signet {

using Bytes = std::vector<std::uint8_t>;

// OP_TRUE asks for no solution.
[[nodiscard]] bool wants_signature(std::span<const std::uint8_t> challenge);

// The scriptPubKey of the witness commitment with the solution behind it. Empty: as it is signed.
Bytes commitment_with(std::span<const std::uint8_t> commitment, std::span<const std::uint8_t> solution);

// What a solution covers: of the header all but nBits and nNonce. merkle_root: with the commitment as it is
// signed.
struct BlockData {
    std::uint32_t version = 0;
    Hash256 prev, merkle_root;
    std::uint32_t time = 0;
};

// The transaction to be signed, which spends one that pays the challenge, as a PSBT (BIP 174) in Base64.
std::string signing_psbt(std::span<const std::uint8_t> challenge, const BlockData& block);

// The solution in the signed transaction: its scriptSig and witness, serialized. Malformed: it is none with
// one input.
Result<Bytes> solution_of(std::span<const std::uint8_t> signed_transaction);

}  // namespace lode::source::node::signet
