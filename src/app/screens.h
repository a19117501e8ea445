// What a key at the terminal shows: lines made of a snapshot.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lode/snapshot.h"

namespace lode::app {

using Lines = std::vector<std::string>;  // printable

Lines rates_screen(const Snapshot& snapshot, double highest);  // highest: of the 10 s rates so far; 0: none
Lines shares_screen(const Snapshot& snapshot);
Lines devices_screen(const Snapshot& snapshot);
Lines connection_screen(const Snapshot& snapshot);
Lines job_screen(const Snapshot& snapshot);
Lines keys_screen();

}  // namespace lode::app
