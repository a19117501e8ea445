// "Did you mean": the known word closest to the one typed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lode::base {

// Levenshtein distance.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

// Empty if none is near: at most a quarter of the letters, plus one, may differ. The first of equally near
// ones. Typed text is cut to 64 characters.
inline std::string nearest(std::string_view typed, std::span<const std::string> known) {
    typed = typed.substr(0, 64);
    const auto distance = [&](const std::string& word) { return edit_distance(typed, word); };
    const auto best = std::ranges::min_element(known, {}, distance);
    return best == known.end() || distance(*best) > 1 + typed.size() / 4 ? std::string() : *best;
}

}  // namespace lode::base
