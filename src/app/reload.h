// The configuration file read again while lode mines: what of it can change, and what cannot.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/mine_command.h"
#include "lode/result.h"

namespace lode::app {

struct Reloaded {
    MineOptions options;
    std::size_t first = 0;  // of the sources as configured: the one that was moved to the front
    bool source = false;    // what is mined on has changed, or how
    std::string text;       // which keys have changed, and which take a restart
};

// Any thread.
class Reloader {
 public:
    // As lode was started: the arguments after "mine".
    Reloader(std::vector<std::string> arguments, MineCommand started);

    // Reads everything again. Usage: a file that lode mine would refuse, or none that it was started with;
    // then nothing is to change.
    Result<Reloaded> read();
    // The sources with number `to` first, counted from 0 as configured; without a number, with the next one
    // first. The others keep their order behind it. Usage: a number that is none, or just one source.
    Result<Reloaded> switch_to(std::optional<std::size_t> to);

 private:
    const std::vector<std::string> arguments_;
    std::mutex mutex_;
    MineCommand now_;  // except that keys that take a restart keep their values
    std::size_t first_ = 0;
};

}  // namespace lode::app
