// How many instructions of each kind the chip executes a second: the ceilings of every kernel.
#pragma once

#include <optional>
#include <vector>

#include "lode/error.h"

namespace lode::bench {

struct PipeRate {
    const char* name;
    double a_second = 0;  // instructions of single threads, of the whole chip
};

// Of the current device, in a fixed order: see pipe.
std::vector<PipeRate> measure_pipes(std::optional<Error>& error);

namespace pipe {
enum Index { Lop3, Shf, Iadd3, Imad, ImadHi, ImadWide, ShfLop3, ShfImad, ShfImadHi, Count };
}

}  // namespace lode::bench
