// The program's command line: its subcommands and what each of them takes.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "app/commands.h"

namespace lode::app {

// Declares everything on a new parser named "lode"; the subcommand chosen by parse() sets `run`.
void declare_program(CLI::App& program, Run& run);

// Prints the help of a command as `--help` does, under this name. Returns kDone.
int print_help(const CLI::App& command, const std::string& name);

}  // namespace lode::app
