#include "app/arguments.h"

#include <fstream>

namespace lode::app {

std::vector<std::string> program_arguments() {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> arguments;
    for (std::string one; std::getline(file, one, '\0');) arguments.push_back(one);
    return arguments;
}

}  // namespace lode::app
