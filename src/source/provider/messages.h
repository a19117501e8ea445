// The messages of Stratum V2's template distribution (the specification, 7). Version and time are the
// header's numbers, hashes in internal order.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "source/sv2/setup_messages.h"
#include "source/sv2/wire.h"

namespace lode::source::provider {

// What the miner's own outputs of a coinbase need at most.
struct CoinbaseOutputConstraints {
    static constexpr std::uint8_t kType = 0x70;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "CoinbaseOutputConstraints";

    std::uint32_t size = 0;    // serialized bytes
    std::uint16_t sigops = 0;  // in the units of a block's limit, a quarter of a legacy one (BIP 141)

    static void fields(auto& self, auto& archive) {
        archive(self.size, "coinbase_output_max_additional_size");
        archive(self.sigops, "coinbase_output_max_additional_sigops");
    }
};

struct NewTemplate {
    static constexpr std::uint8_t kType = 0x71;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "NewTemplate";

    std::uint64_t id = 0;
    bool future = false;  // for the block that a SetNewPrevHash will name
    std::uint32_t version = 0;
    std::uint32_t coinbase_version = 0;
    sv2::Bytes coinbase_prefix;  // begins the scriptSig: the height (BIP 34)
    std::uint32_t coinbase_sequence = 0;
    std::uint64_t value = 0;  // satoshis, for the miner's outputs
    std::uint32_t output_count = 0;
    sv2::Bytes outputs;  // serialized; they come after the miner's
    std::uint32_t lock_time = 0;
    std::vector<Hash256> path;  // merkle branch of the coinbase

    static void fields(auto& self, auto& archive) {
        archive(self.id, "template_id");
        archive(self.future, "future_template");
        archive(self.version, "version");
        archive(self.coinbase_version, "coinbase_tx_version");
        archive(self.coinbase_prefix, "coinbase_prefix", sv2::Limit::B0_255);
        archive(self.coinbase_sequence, "coinbase_tx_input_sequence");
        archive(self.value, "coinbase_tx_value_remaining");
        archive(self.output_count, "coinbase_tx_outputs_count");
        archive(self.outputs, "coinbase_tx_outputs", sv2::Limit::B0_64K);
        archive(self.lock_time, "coinbase_tx_locktime");
        archive(self.path, "merkle_path");
    }
};

// A new tip, and the template to mine on it.
struct SetNewPrevHash {
    static constexpr std::uint8_t kType = 0x72;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "SetNewPrevHash";

    std::uint64_t id = 0;  // of the template
    Hash256 prev;
    std::uint32_t time = 0;
    std::uint32_t bits = 0;
    Uint256 target;  // may be below that of bits

    static void fields(auto& self, auto& archive) {
        archive(self.id, "template_id");
        archive(self.prev, "prev_hash");
        archive(self.time, "header_timestamp");
        archive(self.bits, "n_bits");
        archive(self.target, "target");
    }
};

struct RequestTransactionData {
    static constexpr std::uint8_t kType = 0x73;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "RequestTransactionData";

    std::uint64_t id = 0;  // of the template

    static void fields(auto& self, auto& archive) { archive(self.id, "template_id"); }
};

struct RequestTransactionDataSuccess {
    static constexpr std::uint8_t kType = 0x74;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "RequestTransactionData.Success";

    std::uint64_t id = 0;  // of the template
    sv2::Bytes excess;
    std::vector<sv2::Bytes> transactions;  // without the coinbase, with their witnesses

    static void fields(auto& self, auto& archive) {
        archive(self.id, "template_id");
        archive(self.excess, "excess_data", sv2::Limit::B0_64K);
        archive(self.transactions, "transaction_list");
    }
};

struct RequestTransactionDataError {
    static constexpr std::uint8_t kType = 0x75;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "RequestTransactionData.Error";

    std::uint64_t id = 0;  // of the template
    std::string code;

    static void fields(auto& self, auto& archive) {
        archive(self.id, "template_id");
        archive(self.code, "error_code");
    }
};

// There is no answer: the block is good if a SetNewPrevHash names it.
struct SubmitSolution {
    static constexpr std::uint8_t kType = 0x76;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "SubmitSolution";

    std::uint64_t id = 0;  // of the template
    std::uint32_t version = 0;
    std::uint32_t time = 0;
    std::uint32_t nonce = 0;
    sv2::Bytes coinbase;  // whole, with its witness

    static void fields(auto& self, auto& archive) {
        archive(self.id, "template_id");
        archive(self.version, "version");
        archive(self.time, "header_timestamp");
        archive(self.nonce, "header_nonce");
        archive(self.coinbase, "coinbase_tx", sv2::Limit::B0_64K);
    }
};

// What a template provider sends.
using ProviderMessage =
    std::variant<sv2::SetupConnectionSuccess, sv2::SetupConnectionError, NewTemplate, SetNewPrevHash,
                 RequestTransactionDataSuccess, RequestTransactionDataError>;

}  // namespace lode::source::provider
