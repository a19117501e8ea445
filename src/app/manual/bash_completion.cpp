#include "app/manual/pages.h"

namespace lode::app::manual {
namespace {

std::string names_of(const Command& command) {
    std::string words;
    for (const auto& flag : command.flags)
        for (const auto& name : {flag.shortened, flag.name})
            if (!name.empty()) words += name + " ";
    for (const auto& sub : command.subcommands) words += sub.last_word() + " ";
    if (!words.empty()) words.pop_back();
    return words;
}

// A case of the shell's: what may follow `flag` of `command`.
std::string value_case(const Command& command, const Flag& flag) {
    std::string pattern;
    for (const auto& name : {flag.shortened, flag.name})
        if (!name.empty()) pattern += (pattern.empty() ? "'" : " | '") + command.name + " " + name + "'";
    std::string action = "return";  // nothing that is known before
    if (flag.is_file) action = "_lode_files -f; return";
    if (flag.is_directory) action = "_lode_files -d; return";
    if (!flag.choices.empty()) {
        action = "words='";
        for (const auto& choice : flag.choices) action += choice + " ";
        action.back() = '\'';
    }
    return "    " + pattern + ") " + action + " ;;\n";
}

void add_cases(const Command& command, std::string& values, std::string& words, std::string& paths) {
    for (const auto& flag : command.flags)
        if (!flag.value.empty()) values += value_case(command, flag);
    words += "      '" + command.name + "') words='" + names_of(command) + "' ;;\n";
    for (const auto& positional : command.positionals)
        if (positional.is_file) paths += (paths.empty() ? "'" : " | '") + command.name + "'";
    for (const auto& sub : command.subcommands) {
        if (sub.last_word() != "help") add_cases(sub, values, words, paths);
    }
}

std::string command_cases(const Command& command) {
    std::string text;
    for (const auto& sub : command.subcommands) {
        text += "      '" + command.name + " " + sub.last_word() + "') command=\"$command $word\" ;;\n";
        text += command_cases(sub);
    }
    return text;
}

}  // namespace

std::string bash_completion(const Command& program) {
    std::string values, words, paths;
    add_cases(program, values, words, paths);
    return R"(# Completion of lode in bash.

_lode_files() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

_lode() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=lode word words=
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
)" + command_cases(program) +
           R"(    esac
  done
  case "$command $previous" in
)" + values +
           R"(  esac
  if [ -z "$words" ]; then
    case $command in
)" + words +
           R"(    esac
)" +
           (paths.empty() ? ""
                          : "    case $command in " + paths +
                                R"() [[ $current == -* ]] || { _lode_files -f; return; } ;; esac
)") + R"(  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _lode lode
)";
}

}  // namespace lode::app::manual
