// Bitcoin addresses to output scripts: base58check (P2PKH, P2SH) and bech32/bech32m (BIP 173, BIP 350:
// P2WPKH, P2WSH, P2TR).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/result.h"

namespace lode::work {

struct Address {
    std::string text;
    std::vector<std::uint8_t> script;        // scriptPubKey that pays it
    std::vector<std::string_view> networks;  // on which it is valid; never empty
};

// Parses and checks the checksum. The Error contains the address, which is public.
Result<Address> parse_address(std::string_view text);
// Usage: an address of another network.
Result<void> check_network(const Address& address, std::string_view network);

}  // namespace lode::work
