// Finding the fastest configuration of a device.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <variant>

#include "backend/opencl/config.h"
#include "lode/device.h"

namespace lode::backend::opencl {

// Hashes a second of a configuration; nothing where it does not work.
using Measure = std::function<std::optional<double>(const Config&)>;

// Starts at first_guess() and changes one part after the other, keeping what is faster, until enough() says
// stop. Nothing where no configuration works. Pure but for the two functions.
std::optional<Config> find_fastest(const Facts& facts, const Measure& measure,
                                   const std::function<bool()>& enough);

struct Speed {
    unsigned variants = 1;
    double rate = 0;  // hashes a second
};
// The best of these numbers of variants; about a tenth of a second each. The device must be idle.
std::variant<Speed, Error> measure_speed(Device& device, std::initializer_list<unsigned> variants);

}  // namespace lode::backend::opencl
