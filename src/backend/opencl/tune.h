// Finding the fastest configuration of a device.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>

#include "backend/opencl/config.h"
#include "lode/device.h"

namespace lode::backend::opencl {

// Hashes per second of a configuration; nullopt if it does not work.
using Measure = std::function<std::optional<double>(const Config&)>;

// Starts at first_guess() and varies one part after the other, keeping what is faster, until enough() returns
// true. nullopt if no configuration works. Pure except for the two functions.
std::optional<Config> find_fastest(const Facts& facts, const Measure& measure,
                                   const std::function<bool()>& enough);

struct Speed {
    unsigned variants = 1;
    double rate = 0;  // hashes per second
};
// The fastest of these numbers of variants; takes about a tenth of a second each. The device must be idle.
Result<Speed> measure_speed(Device& device, std::initializer_list<unsigned> variants);

}  // namespace lode::backend::opencl
