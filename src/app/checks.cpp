#include "app/checks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "util/hex.h"

namespace lode::app {
namespace {

constexpr std::array kMayBeEmpty = {"coinbase-tag", "pass", "rpc-password", "rpc-user", "user", "user-agent"};

// from_chars accepts "inf" and "nan".
std::optional<double> finite_number(const std::string& text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), end, value);
    if (code != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::string range_text(const SecondsRange& range) {
    if (range.max == SecondsRange{}.max) return "a number of seconds above 0";
    return fmt::format("a number of seconds from {} to {}", range.min, range.max);
}

}  // namespace

CLI::Validator whole_number_above_zero() {
    return CLI::Validator(
        [](std::string& text) {
            std::uint64_t value = 0;
            const char* const end = text.data() + text.size();
            const auto [stop, code] = std::from_chars(text.data(), end, value);
            if (code == std::errc() && stop == end && value > 0) return std::string();
            return "'" + util::printable(text, 40) + "' is not a whole number above 0";
        },
        "");
}

CLI::Validator number_above_zero() {
    return CLI::Validator(
        [](std::string& text) {
            if (const auto value = finite_number(text); value && *value > 0) return std::string();
            return "'" + util::printable(text, 40) + "' is not a number above 0";
        },
        "");
}

void refuse_empty_values(CLI::App& command) {
    const CLI::Validator not_empty(
        [](std::string& text) { return text.empty() ? std::string("the value is empty") : std::string(); },
        "");
    for (CLI::Option* option : command.get_options([](const CLI::Option* o) {
             return !o->get_lnames().empty() && o->get_items_expected_max() > 0 &&
                    std::ranges::find(kMayBeEmpty, o->get_lnames().front()) == kMayBeEmpty.end();
         }))
        option->check(not_empty);
}

CLI::Validator number_from_to(double min, double max) {
    return CLI::Validator(
        [min, max](std::string& text) {
            if (const auto value = finite_number(text); value && *value >= min && *value <= max)
                return std::string();
            return fmt::format("'{}' is not a number from {} to {}", util::printable(text, 40), min, max);
        },
        "");
}

CLI::Option* add_seconds(CLI::App& command, const std::string& name, std::chrono::milliseconds& value,
                         const std::string& help, SecondsRange range) {
    return command
        .add_option_function<double>(
            name,
            [&value](double seconds) {
                value = std::chrono::milliseconds(
                    std::llround(std::ceil(1000 * std::min(seconds, kLongestSeconds))));
            },
            help)
        ->check(CLI::Validator(
            [range](std::string& text) {
                const auto seconds = finite_number(text);
                const bool good = seconds && *seconds > 0 && *seconds >= range.min && *seconds <= range.max;
                return good ? std::string()
                            : "'" + util::printable(text, 40) + "' is not " + range_text(range);
            },
            ""));
}

}  // namespace lode::app
