#include <algorithm>
#include <cctype>
#include <string_view>

#include "app/manual/pages.h"
#include "lode/version.h"

namespace lode::app::manual {
namespace {

// man(7): "-" is a hyphen unless escaped, and a line must not begin with "." or "'".
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
    }
    return out;
}

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

std::string flag_entry(const Flag& flag) {
    std::string names;
    for (const auto& name : {flag.shortened, flag.name}) {
        if (name.empty()) continue;
        if (!names.empty()) names += ", ";
        names += "\\fB" + escaped(name) + "\\fR";
    }
    if (!flag.value.empty()) names += " \\fI" + escaped(flag.value) + "\\fR";
    return ".TP\n" + names + "\n" + escaped(flag.about) + "\n";
}

std::string options(const Command& command, const char* heading) {
    std::string text, group;
    for (const auto& flag : command.positionals)
        text += ".TP\n\\fI" + escaped(flag.name) + "\\fR\n" + escaped(flag.about) + "\n";
    // By group, in the order in which the groups first occur.
    std::vector<std::string> groups;
    for (const auto& flag : command.flags)
        if (std::ranges::find(groups, flag.group) == groups.end()) groups.push_back(flag.group);
    for (const auto& name : groups) {
        if (groups.size() > 1) text += std::string(heading) + " " + escaped(name) + "\n";
        for (const auto& flag : command.flags)
            if (flag.group == name) text += flag_entry(flag);
    }
    return text;
}

std::string synopsis(const Command& command) {
    std::string line = ".B " + escaped(command.name) + "\n";
    if (!command.subcommands.empty()) line += ".I SUBCOMMAND\n";
    for (const auto& positional : command.positionals)
        line += (positional.required ? ".I " : ".RI [ ") + escaped(positional.name) +
                (positional.required ? "\n" : " ]\n");
    return line + ".RI [ OPTION \"]...\"\n";
}

std::string preformatted(const std::string& text) {
    return ".nf\n" + escaped(text) + "\n.fi\n";
}

std::string see_also(const Command& command) {
    const bool is_program = command.name.find(' ') == std::string::npos;
    std::string text = ".SH SEE ALSO\n";
    if (!is_program) return text + ".BR lode (1)\n";
    std::string separator;
    for (const auto& sub : command.subcommands) {
        if (sub.last_word() == "help") continue;
        text += separator + ".BR " + escaped(sub.joined('-')) + " (1)";
        separator = ",\n";
    }
    return text + "\n";
}

}  // namespace

std::string man_page(const Command& command, const std::string& prose, bool deep) {
    std::string text = ".TH " + upper(command.joined('-')) + " 1 \"\" \"lode " + kVersion +
                       "\" \"User Commands\"\n"
                       ".SH NAME\n" +
                       command.joined('-') + " \\- " +
                       escaped(deep ? command.about : "SHA-256d mining engine") + "\n.SH SYNOPSIS\n" +
                       synopsis(command);
    text += prose;
    if (!command.subcommands.empty()) {
        text += ".SH SUBCOMMANDS\n";
        for (const auto& sub : command.subcommands)
            text += ".TP\n\\fB" + escaped(sub.last_word()) + "\\fR\n" + escaped(sub.about) + "\n";
    }
    text += ".SH OPTIONS\n" + options(command, ".SS");
    if (deep) {
        for (const auto& sub : command.subcommands) {
            text += ".SH \"" + upper(escaped(sub.name)) + "\"\n" + synopsis(sub) + ".PP\n" +
                    escaped(sub.about) + "\n" + options(sub, ".SS");
            if (!sub.footer.empty()) text += ".PP\n" + preformatted(sub.footer);
        }
        if (!command.footer.empty()) text += ".SH NOTES\n" + preformatted(command.footer);
    }
    return text + see_also(command);
}

}  // namespace lode::app::manual
