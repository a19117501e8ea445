// Validators of user input with readable errors.
#pragma once

#include <chrono>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>

namespace lode::app {

CLI::Validator whole_number_above_zero();
CLI::Validator number_above_zero();  // finite
// Inclusive. Unlike CLI::Range it refuses "nan", which is neither below nor above the bounds.
CLI::Validator number_from_to(double min, double max);

// An empty value is mostly a variable of the shell that is not set, and would count as not given: no proxy,
// another data directory. For all options but those whose value may be empty: passwords, texts.
void refuse_empty_values(CLI::App& command);

struct SecondsRange {  // inclusive; 0 is never allowed
    double min = 0, max = std::numeric_limits<double>::max();
};
// A century. Larger values are capped, so that a time point can always be computed.
inline constexpr double kLongestSeconds = 100.0 * 365 * 24 * 3600;

// Adds an option for a number of seconds, with fractions, rounded up to milliseconds.
CLI::Option* add_seconds(CLI::App& command, const std::string& name, std::chrono::milliseconds& value,
                         const std::string& help, SecondsRange range = {});

}  // namespace lode::app
