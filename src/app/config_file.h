// A JSON configuration file: one object, the keys named like the flags without their dashes, as
// app/config_read.h reads it. Files of cgminer and xmrig are also accepted, as far as their keys apply to
// lode.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "lode/result.h"

namespace lode::app {

// Sets each option that is not on the command line to the file's value. "pools" is a list of {"url", "user",
// "pass"}, with "url" meaning the same as --url. Ignored are comments, keys that begin with '_', nulls, and
// keys of other miners, these with a warning that names lode's equivalent. Errors: unknown keys, with the
// nearest known one, and values of the wrong type.
Result<void> apply_config_file(CLI::App& command, const std::string& path);

// The long names of a command's flags, without dashes.
std::vector<std::string> flag_names(const CLI::App& command);

}  // namespace lode::app
