// The subcommands. Each declares itself on the program's parser and, when chosen, gives the exit code.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "lode/error.h"

namespace lode::app {

// Exit codes (src/README.md): they are part of the command line.
enum ExitCode { kDone = 0, kUsage = 1, kUnreachable = 2, kNoDevice = 3, kInternal = 4 };
ExitCode exit_code(ErrorKind kind);

// Checks that read well when they fail.
CLI::Validator whole_number_above_zero();
CLI::Validator seconds_above_zero();

// What the chosen subcommand runs; empty until one is chosen.
using Run = std::function<int()>;

void add_mine(CLI::App& program, Run& run);
void add_bench(CLI::App& program, Run& run);
void add_devices(CLI::App& program, Run& run);
void add_chain(CLI::App& program, Run& run);

}  // namespace lode::app
