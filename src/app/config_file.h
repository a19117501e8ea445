// A JSON configuration file: one object, the keys named like the flags without their dashes.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "lode/result.h"

namespace lode::app {

// Gives each option that the command line left unset the file's value. Unknown keys are errors that name the
// nearest known one; so are values of a shape that the flag cannot take.
Result<void> apply_config_file(CLI::App& command, const std::string& path);

// The long names of a command's flags, without dashes.
std::vector<std::string> flag_names(const CLI::App& command);

}  // namespace lode::app
