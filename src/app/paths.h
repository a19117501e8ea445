// Where lode keeps its files (XDG Base Directory Specification).
#pragma once

#include <string>

#include "lode/result.h"

namespace lode::app {

// $XDG_DATA_HOME/lode, ~/.local/share/lode; the present directory's .lode where there is no home.
std::string default_data_dir();
// "~/x" in a configuration file means what it means in a shell.
std::string expand_home(const std::string& path);
// Creates the directory and its parents, and proves it writable.
Result<void> prepare_data_dir(const std::string& directory);

}  // namespace lode::app
