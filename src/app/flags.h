// Adds flags to errors: the library names options in words, as it does not know the command line.
#pragma once

#include "lode/error.h"

namespace lode::app {

// The error, preceded by the flag that it is about, if there is one.
Error with_flag(const Error& error);

}  // namespace lode::app
