#include "app/manual/command.h"

#include <algorithm>
#include <sstream>

namespace lode::app::manual {
namespace {

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
    return std::ranges::any_of(names, [&](const char* n) { return name == n; });
}

// "TEXT:{text,json}": what CLI11 appends to a type whose values are checked against a list. A transformer's
// are "{extended->0,standard->1}".
std::vector<std::string> listed_choices(const std::string& type) {
    const auto begin = type.find('{'), end = type.find('}');
    std::vector<std::string> found;
    if (begin == std::string::npos || end == std::string::npos) return found;
    std::istringstream words(type.substr(begin + 1, end - begin - 1));
    for (std::string word; std::getline(words, word, ',');) found.push_back(word.substr(0, word.find("->")));
    return found;
}

// Those that no check lists.
std::vector<std::string> known_choices(const std::string& name) {
    if (name == "--network") return {"main", "testnet3", "testnet4", "signet", "regtest", "local"};
    if (name == "--devices") return {"cpu", "cuda", "opencl"};
    return {};
}

Flag flag_of(const CLI::Option& option) {
    Flag flag;
    if (option.get_positional()) {
        flag.name = option.get_single_name();
    } else {
        if (!option.get_snames().empty()) flag.shortened = "-" + option.get_snames().front();
        if (!option.get_lnames().empty()) flag.name = "--" + option.get_lnames().front();
    }
    const std::string type = option.get_type_name();
    if (option.get_items_expected_max() > 0) {  // else a switch
        flag.value = type.substr(0, type.find(':'));
        flag.choices = listed_choices(type);
        if (flag.choices.empty()) flag.choices = known_choices(flag.name);
        if (flag.value.empty()) flag.value = "TEXT";
        if (!flag.choices.empty()) flag.value = "NAME";
    }
    flag.is_file = is_one_of(flag.name, {"--config", "--rpc-cookie", "--tls-ca", "FILE"});
    flag.is_directory = flag.name == "--data-dir";
    flag.required = option.get_required();
    flag.repeats = option.get_expected_max() > 1;
    flag.group = option.get_group();
    flag.about = option.get_description();
    return flag;
}

}  // namespace

std::string Command::joined(char separator) const {
    std::string text = name;
    std::ranges::replace(text, ' ', separator);
    return text;
}

std::string Command::last_word() const {
    return name.substr(name.rfind(' ') + 1);  // all of it where there is no space
}

Command describe(const CLI::App& app, const std::string& name) {
    Command command;
    command.name = name;
    command.about = app.get_description();
    command.footer = app.get_footer();
    for (const CLI::Option* option : app.get_options())
        (option->get_positional() ? command.positionals : command.flags).push_back(flag_of(*option));
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        command.subcommands.push_back(describe(*sub, name + " " + sub->get_name()));
    return command;
}

std::string brief(const std::string& about) {
    const auto end = about.find_first_of(";:");
    // "host:port" and "http://" are not where a sentence ends.
    if (end == std::string::npos || (about[end] == ':' && about[end + 1] != ' ')) return about;
    return about.substr(0, end);
}

}  // namespace lode::app::manual
