// A command line of `lode mine` with its configuration file, read apart from the program's own: to check a
// file, and to read it again while lode mines.
#pragma once

#include <string>
#include <vector>

#include "app/mine_options.h"
#include "app/settings.h"
#include "lode/result.h"

namespace lode::app {

struct MineCommand {
    MineOptions options;
    Settings settings;
};

// Arguments after "mine". Checked as far as that is possible without connecting, listening, or opening
// devices. Any thread. Usage: what lode mine would refuse.
Result<MineCommand> read_mine_command(std::vector<std::string> arguments);

}  // namespace lode::app
