#pragma once

#include <string>

namespace lode::app {

// What the program is, and what was built into it: the version and commit in the first line, then a line for
// the compilers, each backend and the libraries.
std::string version_text();

}  // namespace lode::app
