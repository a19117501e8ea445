#include <string_view>

#include <fmt/format.h>

#include "app/manual/pages.h"

namespace lode::app::manual {
namespace {

// Inside single quotes, in a specification of _arguments: "[" "]" and ":" have a meaning there.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
            out += c;
        }
    }
    return out;
}

std::string action(const Flag& flag) {
    if (flag.is_file) return "_files";
    if (flag.is_directory) return "_files -/";
    std::string words;
    for (const auto& choice : flag.choices) words += (words.empty() ? "" : " ") + choice;
    return words.empty() ? "" : "(" + words + ")";
}

std::string specifications(const Command& command) {
    std::string text;
    for (const auto& flag : command.flags) {
        std::string tail = "[" + escaped(brief(flag.about)) + "]";
        if (!flag.value.empty()) tail += ":" + flag.value + ":" + action(flag);
        for (const auto& name : {flag.shortened, flag.name})
            if (!name.empty()) text += fmt::format(" \\\n    '*{}{}'", name, tail);
    }
    for (const auto& positional : command.positionals)
        text += " \\\n    ':" + positional.name + ":" + action(positional) + "'";
    return text;
}

// A function for each command; one with subcommands hands on to theirs.
std::string function(const Command& command) {
    std::string below, described, text = "_" + command.joined('_') + "() {\n";
    if (command.subcommands.empty()) return text + "  _arguments -s" + specifications(command) + "\n}\n\n";
    for (const auto& sub : command.subcommands) {
        if (sub.last_word() != "help") below += function(sub);
        described += " '" + sub.last_word() + ":" + escaped(brief(sub.about)) + "'";
    }
    return below + text + "  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C" +
           specifications(command) +
           " \\\n    '1: :->subcommand' '*:: :->rest'\n"
           "  case $state in\n"
           "    subcommand)\n      local -a found=(" +
           described + ")\n      _describe subcommand found ;;\n    rest)\n      (( $+functions[_" +
           command.joined('_') + "_$line[1]] )) && _" + command.joined('_') + "_$line[1] ;;\n  esac\n}\n\n";
}

}  // namespace

std::string zsh_completion(const Command& program) {
    return "#compdef lode\n# Completion of lode in zsh.\n\n" + function(program) + "_lode \"$@\"\n";
}

}  // namespace lode::app::manual
