// Options that were given and that none of the work sources uses.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace lode::app {

// A line for each, for the user. No URL: the local chain. URLs that cannot be read are an error elsewhere.
std::vector<std::string> unused_options(const CLI::App& command, const std::vector<std::string>& urls);

}  // namespace lode::app
