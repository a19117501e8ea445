// How many instructions of each kind the chip executes a second: the ceilings of every kernel.
#pragma once

#include <optional>
#include <vector>

#include "lode/error.h"

namespace lode::bench {

struct PipeRate {
    const char* name;
    double a_second = 0;  // instructions of single threads, of the whole chip
    double a_clock = 0;   // the same of one multiprocessor a clock, by its own counter
};

// Of the current device, in a fixed order: see pipe.
std::vector<PipeRate> measure_pipes(std::optional<Error>& error);

// Launches a kernel that traps, on the current device.
void trap();

// In the forms that the scan kernels use: Rotate has one register twice, Sum is x * 1 + y with the 1 in a
// uniform register, those with a 3 read three registers. Pairs alternate.
namespace pipe {
enum Index {
    Lop3,
    Rotate,
    Iadd3,
    Sum,
    Sum3,
    ImadHi,
    ImadWide,
    RotateLop3,
    RotateSum,
    Lop3Sum,
    Lop3Sum3,
    RotateImadHi,
    Count
};
}

}  // namespace lode::bench
