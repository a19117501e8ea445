#include <string_view>

#include <fmt/format.h>

#include "app/manual/pages.h"

namespace lode::app::manual {
namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string arguments(const Flag& flag) {
    if (flag.is_file) return " -r -F";
    if (flag.is_directory) return " -x -a '(__fish_complete_directories)'";
    std::string words;
    for (const auto& choice : flag.choices) words += (words.empty() ? "" : " ") + choice;
    return words.empty() ? " -x" : " -x -a " + in_quotes(words);
}

// Lines for a command that is chosen while `condition` holds.
std::string lines(const Command& command, const std::string& condition) {
    const std::string start = "complete -c lode -n " + in_quotes(condition);
    std::string text;
    for (const auto& flag : command.flags) {
        text += start;
        if (!flag.shortened.empty()) text += " -s " + flag.shortened.substr(1);
        if (!flag.name.empty()) text += " -l " + flag.name.substr(2);
        if (!flag.value.empty()) text += arguments(flag);
        text += " -d " + in_quotes(brief(flag.about)) + "\n";
    }
    for (const auto& positional : command.positionals)
        if (positional.is_file) text += start + " -F\n";
    std::string names;
    for (const auto& sub : command.subcommands) names += " " + sub.last_word();
    for (const auto& sub : command.subcommands) {
        // Only until one of them has been written.
        text +=
            fmt::format("complete -c lode -n {} -a {} -d {}\n",
                        in_quotes(fmt::format("{}; and not __fish_seen_subcommand_from{}", condition, names)),
                        sub.last_word(), in_quotes(brief(sub.about)));
        text += lines(sub, condition + "; and __fish_seen_subcommand_from " + sub.last_word());
    }
    return text;
}

}  // namespace

std::string fish_completion(const Command& program) {
    return "# Completion of lode in fish.\n\ncomplete -c lode -f\n" + lines(program, "true");
}

}  // namespace lode::app::manual
