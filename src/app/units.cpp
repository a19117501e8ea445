#include "app/units.h"

#include <array>

#include <fmt/format.h>

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
    const auto whole = static_cast<unsigned long>(seconds);
    if (whole < 60) return fmt::format("{:.1f}s", seconds);
    if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
    return fmt::format("{}h {:02}m {:02}s", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace lode::app
