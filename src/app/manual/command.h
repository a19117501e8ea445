// The command line as data, read from the parser's declarations: what man pages and completions are made of.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace lode::app::manual {

struct Flag {
    std::string shortened, name;       // "-o", "--url"; either may be empty
    std::string value;                 // "TEXT"; empty: takes none
    std::vector<std::string> choices;  // the words that the value may be, as far as they are fixed
    bool is_file = false, is_directory = false;
    bool required = false, repeats = false;
    std::string group, about;
};

struct Command {
    std::string name;  // "lode chain import"
    std::string about, footer;
    std::vector<Flag> flags;
    std::vector<Flag> positionals;  // by `name`
    std::vector<Command> subcommands;

    std::string joined(char separator) const;  // "lode-chain-import"
    std::string last_word() const;             // "import"
};

Command describe(const CLI::App& app, const std::string& name);

// What stands before the first ";" or ":": a line's worth for a completion.
std::string brief(const std::string& about);

}  // namespace lode::app::manual
