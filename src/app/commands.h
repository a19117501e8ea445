// The subcommands. Each declares itself on the program's parser and, when chosen, returns the exit code.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "lode/error.h"

namespace lode::app {

// Exit codes (src/README.md): they are part of the command line.
enum ExitCode { kDone = 0, kUsage = 1, kUnreachable = 2, kNoDevice = 3, kInternal = 4, kBrokenRules = 5 };
ExitCode exit_code(ErrorKind kind);

// Runs the chosen subcommand; empty until one is chosen.
using Run = std::function<int()>;

void add_mine(CLI::App& program, Run& run);
void add_bench(CLI::App& program, Run& run);
void add_devices(CLI::App& program, Run& run);
void add_chain(CLI::App& program, Run& run);
void add_doctor(CLI::App& program, Run& run);
void add_config(CLI::App& program, Run& run);

}  // namespace lode::app
