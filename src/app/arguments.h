// The program's command line, for reading it again.
#pragma once

#include <string>
#include <vector>

namespace lode::app {

// As the program was started: its own name first. Any thread. Empty where /proc is not there.
std::vector<std::string> program_arguments();

}  // namespace lode::app
