// What a command line and its configuration file come to, as it can be shown and compared.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include "app/mine_options.h"

namespace lode::app {

// Flags that were given, by their long names without dashes, with their values as typed. "url" has all
// sources with their own credentials. Holds secrets.
using Settings = std::map<std::string, std::vector<std::string>>;

// After complete_mine_options().
Settings settings_of(const CLI::App& command, const MineOptions& options);

// As a configuration file that means the same, with "***" for passwords and tokens.
nlohmann::ordered_json shown(const Settings& settings);

// The names whose values differ.
std::vector<std::string> differences(const Settings& a, const Settings& b);

}  // namespace lode::app
