#include "app/config_file.h"

#include <fstream>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/nearest.h"
#include "util/hex.h"

namespace lode::app {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSize = 1 << 20;

Result<json> read(const std::string& path) {
    const std::string where = "configuration file " + util::printable(path);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::Usage, "cannot be read", where, "a JSON file");
    std::string text(kMaxSize + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxSize) return fail(ErrorKind::Usage, "larger than 1 MiB", where);
    // Comments are allowed: people annotate what they configure.
    json parsed;
    try {
        parsed = json::parse(text, nullptr, true, true);
    } catch (const json::parse_error& e) {
        return fail(ErrorKind::Usage, "not JSON at byte " + std::to_string(e.byte), where, "one JSON object");
    }
    if (!parsed.is_object())
        return fail(ErrorKind::Usage, "not a JSON object", where, "{\"flag\": value, ...}");
    return parsed;
}

std::optional<std::string> scalar(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number()) return value.dump();
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    return std::nullopt;
}

// One value, or several where the flag may be repeated.
std::optional<std::vector<std::string>> values_of(const json& value, bool repeatable) {
    std::vector<std::string> values;
    if (!value.is_array()) {
        if (auto one = scalar(value)) return std::vector{*one};
        return std::nullopt;
    }
    for (const auto& item : value) {
        auto one = scalar(item);
        if (!one || !repeatable) return std::nullopt;
        values.push_back(*one);
    }
    return values;
}

}  // namespace

std::vector<std::string> flag_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options())
        for (const auto& name : option->get_lnames()) names.push_back(name);
    return names;
}

Result<void> apply_config_file(CLI::App& command, const std::string& path) {
    const auto parsed = read(path);
    if (!parsed) return tl::unexpected(parsed.error());
    const std::string where = "configuration file " + util::printable(path);
    for (const auto& [key, value] : parsed->items()) {
        CLI::Option* option =
            key == "help" || key == "config" ? nullptr : command.get_option_no_throw("--" + key);
        if (option == nullptr)
            return fail(ErrorKind::Usage, "unknown key '" + util::printable(key, 60) + "'", where,
                        "a flag's name; the nearest is '" + base::nearest(key, flag_names(command)) + "'");
        if (option->count() > 0) continue;  // the command line wins
        const auto values = values_of(value, option->get_items_expected_max() > 1);
        if (!values)
            return fail(
                ErrorKind::Usage, "key '" + key + "' has a value of the wrong shape", where,
                "a string, a number, true or false, or a list of them where the flag may be repeated");
        try {
            const bool flag = option->get_items_expected_max() == 0;
            for (const auto& one : *values) option->add_result(flag ? option->get_flag_value(key, one) : one);
            option->run_callback();
        } catch (const CLI::Error& e) {
            return fail(ErrorKind::Usage, "key '" + key + "': " + util::printable(e.what()), where);
        }
    }
    return {};
}

}  // namespace lode::app
