#include <charconv>

#include "app/commands.h"
#include "util/hex.h"

namespace lode::app {
namespace {

template <typename Number>
CLI::Validator above_zero(const char* expected) {
    return CLI::Validator(
        [expected](std::string& text) {
            Number value = 0;
            const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool good = code == std::errc() && end == text.data() + text.size() && value > 0;
            return good ? std::string() : "'" + util::printable(text, 40) + "' is not " + expected;
        },
        "");
}

}  // namespace

CLI::Validator whole_number_above_zero() {
    return above_zero<std::uint64_t>("a whole number above 0");
}
CLI::Validator seconds_above_zero() {
    return above_zero<double>("a number of seconds above 0");
}

}  // namespace lode::app
