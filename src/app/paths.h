// Locations of lode's files (XDG Base Directory Specification).
#pragma once

#include <string>

#include "lode/result.h"

namespace lode::app {

// $XDG_DATA_HOME/lode, ~/.local/share/lode; ./.lode if HOME is not set.
std::string default_data_dir();
// Expands "~/x", as a shell does, for configuration files.
std::string expand_home(const std::string& path);
// Creates the directory and its parents, and checks that it is writable.
Result<void> prepare_data_dir(const std::string& directory);

}  // namespace lode::app
