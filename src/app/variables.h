// ${HOSTNAME} and ${VAR} in users and configuration files, so that one file serves many machines.
#pragma once

#include <string>
#include <string_view>

#include "lode/result.h"

namespace lode::app {

enum class Expanded {
    User,  // values become letters, digits, '.', '-' and '_': other characters are replaced by '-'
    Text,  // values are any printable text
};

// ${HOSTNAME} is this machine's name with '-' for '.', since pools end an account's name at a dot; any other
// ${VAR} is an environment variable. "$${" is "${" itself. Usage: a variable that is not set or is empty, a
// value of more than 256 bytes (of a user: 64) or with control characters, "${" without a name and "}".
Result<std::string> expand_variables(std::string_view text, Expanded as);

}  // namespace lode::app
