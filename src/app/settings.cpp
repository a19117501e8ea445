#include "app/settings.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "util/url.h"

namespace lode::app {
namespace {

using nlohmann::ordered_json;

constexpr const char* kHidden = "***";
constexpr std::array kSecrets = {"pass", "rpc-password", "http-token"};

// A number or a truth value as such.
ordered_json typed(const std::string& text) {
    auto value = ordered_json::parse(text, nullptr, false);
    return value.is_number() || value.is_boolean() ? value : ordered_json(text);
}

ordered_json pool(const std::string& text) {
    const auto url = util::parse_url(text);
    if (!url) return {{"url", text}};  // "local"
    ordered_json entry = {{"url", url->safe()}};
    if (!url->user.empty()) entry["user"] = url->user;
    if (!url->user.empty() && !url->password.empty()) entry["pass"] = kHidden;
    return entry;
}

// That a flag was given: "--no-longpoll" has the value false then.
std::string flag_value(const CLI::Option& option, const std::string& name) {
    const bool negative = std::ranges::any_of(
        option.get_fnames(), [&](const std::string& other) { return other == name || other == "--" + name; });
    return option.as<bool>() != negative ? "true" : "false";
}

}  // namespace

Settings settings_of(const CLI::App& command, const MineOptions& options) {
    Settings settings;
    for (const CLI::Option* option : command.get_options()) {
        if (option->count() == 0 || option->get_lnames().empty()) continue;
        const auto& name = option->get_lnames().front();
        settings[name] = option->get_items_expected_max() == 0 ? std::vector{flag_value(*option, name)}
                                                               : option->results();
    }
    for (const char* name : {"help", "config"}) settings.erase(name);
    if (!options.urls.empty()) settings["url"] = options.urls;
    // Where they were given several times they went into the URLs.
    if (settings.contains("user")) settings["user"] = {options.source.user};
    if (settings.contains("pass")) settings["pass"] = {options.source.password};
    return settings;
}

ordered_json shown(const Settings& settings) {
    ordered_json out = ordered_json::object();
    if (const auto urls = settings.find("url"); urls != settings.end())
        for (const auto& url : urls->second) out["pools"].push_back(pool(url));
    for (const auto& [name, values] : settings) {
        if (name == "url") continue;
        if (std::ranges::find(kSecrets, name) != kSecrets.end()) {
            out[name] = kHidden;
        } else if (name == "proxy") {
            const auto url = util::parse_url(values.back());
            out[name] = url ? url->safe() : kHidden;
        } else if (values.size() == 1) {
            out[name] = name == "user" ? ordered_json(values[0]) : typed(values[0]);
        } else {
            for (const auto& value : values) out[name].push_back(typed(value));
        }
    }
    return out;
}

std::vector<std::string> differences(const Settings& a, const Settings& b) {
    std::vector<std::string> names;
    for (const auto& [name, values] : a) {
        const auto other = b.find(name);
        if (other == b.end() || other->second != values) names.push_back(name);
    }
    for (const auto& [name, values] : b)
        if (!a.contains(name)) names.push_back(name);
    std::ranges::sort(names);
    return names;
}

}  // namespace lode::app
