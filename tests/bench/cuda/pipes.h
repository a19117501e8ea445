// Throughput of each kind of instruction on this chip: the upper bounds of every kernel.
#pragma once

#include <vector>

#include "lode/error.h"

namespace lode::bench {

struct PipeRate {
    const char* name;
    double a_second = 0;  // thread instructions per second, of the whole chip
    double a_clock = 0;   // the same per multiprocessor and clock, by its own counter
};

// For the current device, in the order of `pipe`.
Result<std::vector<PipeRate>> measure_pipes();

// Launches a kernel that traps, on the current device.
void trap();

// The instruction forms that the scan kernels use: Rotate has one register twice, Sum is x * 1 + y with the 1
// in a uniform register, those with a 3 read three registers. Pairs alternate.
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
