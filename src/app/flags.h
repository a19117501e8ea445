// Adds flags to errors: the library names options in words, as it does not know the command line.
#pragma once

#include <string>

#include "lode/error.h"

namespace lode::app {

// The error, preceded by the flag that it is about, if there is one.
Error with_flag(const Error& error);

// An error of the parser of the command line, which counts and names types, as a person would say it.
std::string plain_words(const std::string& parser_error);

}  // namespace lode::app
