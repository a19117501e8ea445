// Output scripts to addresses: the other direction of work/address.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lode::work {

// P2PKH, P2SH, P2WPKH, P2WSH, P2TR on a network; empty for other scripts and unknown networks.
std::string address_text(std::span<const std::uint8_t> script, std::string_view network);

}  // namespace lode::work
