#include "app/units.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chain/target.h"

namespace lode::app {

std::string count_text(double count, const char* unit) {
    constexpr std::array kPrefixes = {"", "k", "M", "G", "T", "P", "E", "Z"};
    std::size_t i = 0;
    while (count >= 1000 && i + 1 < kPrefixes.size()) {
        count /= 1000;
        ++i;
    }
    return fmt::format("{:.{}f} {}{}", count, i == 0 ? 0 : 2, kPrefixes[i], unit);
}

std::string hashrate_text(double rate) {
    return count_text(rate, "H/s");
}

std::string difficulty_text(double difficulty) {
    if (difficulty < 1000) return fmt::format("{:.4g}", difficulty);
    std::string text = count_text(difficulty, "");
    text.erase(text.find(' '), 1);
    return text;
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<unsigned long>(std::min(seconds, 1e18));
    if (whole < 60) return fmt::format("{:.1f}s", seconds);
    if (whole >= 400ul * 24 * 3600) return fmt::format("{:.3g} years", seconds / (365.25 * 24 * 3600));
    if (whole >= 24 * 3600) return fmt::format("{}d {:02}h", whole / (24 * 3600), whole / 3600 % 24);
    if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
    return fmt::format("{}h {:02}m {:02}s", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string hashrate_text(const std::optional<double>& rate) {
    return rate ? hashrate_text(*rate) : "n/a";
}

std::optional<double> block_seconds(std::uint32_t bits, double rate) {
    const double difficulty = chain::difficulty_of_bits(bits);
    if (difficulty <= 0 || rate <= 0) return std::nullopt;
    return difficulty * 4294967296.0 / rate;
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most || most < 8) return std::string(text);
    const std::size_t tail = (most - 2) / 3, head = most - 2 - tail;
    return std::string(text.substr(0, head)) + ".." + std::string(text.substr(text.size() - tail));
}

}  // namespace lode::app
