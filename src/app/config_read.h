// Configuration files as they are written: JSON with comments, which may include others.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "lode/result.h"

namespace lode::app {

struct ConfigValue {
    nlohmann::json value;  // variables in strings are expanded, except in a top-level "user": -u does that
    std::string where;     // "configuration file PATH", for errors
};
using ConfigKeys = std::map<std::string, ConfigValue>;

// "include" names a file, or several, relative to the file that has it; its keys are set first, so that those
// of the including file replace them, as a later file's replace an earlier one's. "url" and "pools" replace
// each other. Usage: a file that cannot be read, is larger than 1 MiB or not a JSON object, includes itself,
// more than 8 deep or 64 in all, both "url" and "pools" in one file, a variable that is not set.
Result<ConfigKeys> read_config(const std::string& path);

// Whether a key is a comment: it begins with '_', '#' or "//", or is "comment".
bool is_comment(const std::string& key);

}  // namespace lode::app
