// --color, for the commands that print in colour.
#pragma once

#include <CLI/CLI.hpp>

namespace lode::app {

void add_color_option(CLI::App& command);

}  // namespace lode::app
