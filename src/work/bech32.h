// The checksum of bech32 and bech32m (BIP 173, BIP 350), and addresses made with it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lode::work {

inline constexpr std::string_view kBech32Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
inline constexpr std::uint32_t kBech32 = 1, kBech32m = 0x2bc830a3;

// The BCH code over groups of five bits.
std::uint32_t bech32_polymod(std::span<const std::uint8_t> groups);
// The prefix as the checksum covers it.
std::vector<std::uint8_t> bech32_expanded(std::string_view hrp);
// version 0 or 1; program: 20 or 32 bytes.
std::string segwit_address(std::string_view hrp, unsigned version, std::span<const std::uint8_t> program);

}  // namespace lode::work
