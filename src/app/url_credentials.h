// Users and passwords for several URLs on one command line: each applies to the URL before it.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "lode/result.h"

namespace lode::app {

// If user or password are given more than once, puts each into the URL before it (those before the first URL
// apply to all URLs without their own). Given once, they apply to every URL and are not moved. Usage: two
// users or passwords for one URL.
Result<void> pair_credentials(const CLI::App& command, std::vector<std::string>& urls, std::string& user,
                              std::string& password);

}  // namespace lode::app
