// Numbers formatted as in other miners.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lode::app {

std::string hashrate_text(double hashes_per_second);     // "41.23 MH/s"
std::string difficulty_text(double difficulty);          // "0.0005", "1.50K", "92.67T"
std::string duration_text(double seconds);               // "1h 02m 03s"
std::string count_text(double count, const char* unit);  // "4.12 G" + unit

std::string hashrate_text(const std::optional<double>& hashes_per_second);  // "n/a" where there is none
// Seconds that a block takes on average; nothing where that cannot be said.
std::optional<double> block_seconds(std::uint32_t bits, double hashes_per_second);
// The text with its middle left out where it is longer than so many characters: "000003c171..98d2".
std::string shortened(std::string_view text, std::size_t most);

}  // namespace lode::app
