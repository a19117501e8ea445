#include "app/variables.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <unistd.h>

#include "util/hex.h"

namespace lode::app {
namespace {

constexpr std::size_t kMaxName = 64, kMaxText = 256;
constexpr std::size_t kMaxUserPart = 64;  // as long as a host name; pools cut longer workers

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// POSIX.1-2017, 8.1.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxName && !is_digit(name[0]) &&
           std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

std::string host_name() {
    std::array<char, 256> name{};  // HOST_NAME_MAX is 64
    if (::gethostname(name.data(), name.size() - 1) != 0) return {};
    return name.data();
}

Result<std::string> value_of(std::string_view name, Expanded as) {
    const std::string where = "${" + std::string(name) + "}";
    const bool host = name == "HOSTNAME";
    const char* const found = host ? nullptr : std::getenv(std::string(name).c_str());
    std::string value = host ? host_name() : found != nullptr ? found : "";
    if (value.empty()) return fail(ErrorKind::Usage, "the variable is not set", where);
    const std::size_t longest = as == Expanded::User ? kMaxUserPart : kMaxText;
    if (value.size() > longest)
        return fail(ErrorKind::Usage, "the value has " + std::to_string(value.size()) + " bytes", where,
                    std::to_string(longest) + " at most");
    for (char& c : value) {
        if (host && c == '.') c = '-';
        if (as == Expanded::User && !is_letter(c) && !is_digit(c) && c != '.' && c != '-' && c != '_')
            c = '-';
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
            return fail(ErrorKind::Usage, "the value has control characters", where);
    }
    return value;
}

}  // namespace

Result<std::string> expand_variables(std::string_view text, Expanded as) {
    std::string out;
    while (true) {
        const auto at = text.find("${");
        out += text.substr(0, at);
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 2);
        if (!out.empty() && out.back() == '$') {
            out += '{';
            continue;
        }
        const auto end = text.find('}');
        const auto name = text.substr(0, end);
        if (end == std::string_view::npos || !is_name(name))
            return fail(ErrorKind::Usage, "'${' without a variable's name and '}'",
                        "'${" + util::printable(name, 40) + "'",
                        "${HOSTNAME}, ${VAR}, or $${ for the characters");
        auto value = value_of(name, as);
        if (!value) return value;
        out += *value;
        text.remove_prefix(end + 1);
    }
}

}  // namespace lode::app
