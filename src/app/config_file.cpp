#include "app/config_file.h"

#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/config_pools.h"
#include "app/config_read.h"
#include "app/flags.h"
#include "app/foreign_flags.h"
#include "base/nearest.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::app {
namespace {

using nlohmann::json;

std::optional<std::string> scalar(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number()) return value.dump();
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    return std::nullopt;
}

// One value, or several if the flag may be repeated.
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

// Of a flag without a value: also 0 and 1 as other miners write them, and words as variables have them.
std::optional<std::vector<std::string>> truth_of(const json& value) {
    const bool right = value.is_boolean() || value.is_number_integer() || (value.is_string() && value != "");
    return right ? values_of(value, false) : std::nullopt;
}

// Whether a key is ignored: a comment, null, or a limit of 0, with which other miners mean none.
bool says_nothing(const std::string& key, const json& value) {
    if (is_comment(key) || value.is_null()) return true;
    const bool limit = key == "blocks" || key == "shares" || key == "time-limit";
    return limit && (value == 0 || value == "0");
}

// A key of another miner.
Result<void> pass_over(const std::string& key, const json& value, std::string_view advice,
                       const std::string& where) {
    if (key == "algo" || key == "coin") {
        if (auto right = check_algorithm(value); !right) return tl::unexpected(right.error().at(where));
    } else if (value != false && !(value.is_object() && value.value("enabled", json()) == false)) {
        util::warn("{}: key '{}': {}", where, key, advice);
    }
    return {};
}

Result<void> apply(CLI::Option& option, const std::string& key, const json& value, const std::string& where) {
    const bool flag = option.get_items_expected_max() == 0;
    const auto values = flag ? truth_of(value) : values_of(value, option.get_items_expected_max() > 1);
    if (!values)
        return fail(
            ErrorKind::Usage, "key '" + key + "' has a value of the wrong type", where,
            flag ? "true or false"
                 : "a string, a number, true or false, or a list of them where the flag may be repeated");
    try {
        for (const auto& one : *values) option.add_result(flag ? option.get_flag_value(key, one) : one);
        option.run_callback();
    } catch (const CLI::Error& e) {
        return fail(ErrorKind::Usage, "key '" + key + "': " + util::printable(plain_words(e.what())), where);
    }
    return {};
}

}  // namespace

std::vector<std::string> flag_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options())
        for (const auto& name : option->get_lnames()) names.push_back(name);
    return names;
}

Result<void> apply_config_file(CLI::App& command, const std::string& path) {
    auto keys = read_config(path);
    if (!keys) return tl::unexpected(keys.error());
    if (const auto pools = keys->find("pools"); pools != keys->end() && !pools->second.value.is_null()) {
        auto urls = read_pools(pools->second.value);
        if (!urls) return tl::unexpected(urls.error().at(pools->second.where));
        (*keys)["url"] = {*urls, pools->second.where};
        keys->erase(pools);
    }
    for (const auto& [key, entry] : *keys) {
        const auto& [value, where] = entry;
        if (says_nothing(key, value)) continue;
        CLI::Option* option =
            key == "help" || key == "config" ? nullptr : command.get_option_no_throw("--" + key);
        const auto advice = advice_on("--" + key);
        Result<void> applied;
        const bool of_another = value.is_object() && !advice_on("--" + key).empty();  // XMRig's "api", "http"
        if (option != nullptr && !of_another) {
            if (option->count() == 0) applied = apply(*option, key, value, where);  // the command line wins
        } else if (!advice.empty()) {
            applied = pass_over(key, value, advice, where);
        } else {
            const auto near = base::nearest(key, flag_names(command));
            applied = fail(ErrorKind::Usage, "unknown key '" + util::printable(key, 60) + "'", where,
                           "a flag's name" + (near.empty() ? "" : "; the nearest is '" + near + "'"));
        }
        if (!applied) return applied;
    }
    return {};
}

}  // namespace lode::app
