// Outputs of a job's coinbase, from its untrusted bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lode/job.h"

namespace lode::status {

struct CoinbaseOutput {
    std::uint64_t value = 0;  // satoshis
    std::vector<std::uint8_t> script;
    std::string kind;  // "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "p2pk", "op_return", "other"
};

constexpr std::size_t kMaxOutputs = 100;  // of more, the first

// Nothing where the job has no coinbase (only a merkle root) or it is no transaction.
std::optional<std::vector<CoinbaseOutput>> coinbase_outputs(const Job& job);

// The text that an OP_RETURN output pushes; empty where it pushes none, or bytes that are not printable.
std::string op_return_text(std::span<const std::uint8_t> script);

}  // namespace lode::status
