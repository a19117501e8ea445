// What a coinbase states: its height, its script, whom it pays.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lode::doctor {

struct Payment {
    std::uint64_t value = 0;  // satoshis
    std::vector<std::uint8_t> script;
};

struct Coinbase {
    std::size_t script_size = 0;  // of its input
    std::vector<Payment> outputs;
};

// A transaction without witness, all of the bytes; nothing where it is none or has not one input of nothing.
std::optional<Coinbase> read_coinbase(std::span<const std::uint8_t> raw);

// "6.25 to bc1q…, 0 to a commitment (BIP 141)", at most six outputs.
std::string payments_text(const Coinbase& coinbase, std::string_view network);

}  // namespace lode::doctor
