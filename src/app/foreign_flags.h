// Options of other miners (cgminer, cpuminer, ccminer, xmrig) that lode names differently or does not need.
#pragma once

#include <string_view>

namespace lode::app {

// Advice for an option that lode does not have: an argument ("-a", "--algo", also "-O" with its value
// attached) or a key of a configuration file ("algo"). Empty: not an option of those miners.
std::string_view advice_on(std::string_view typed);

}  // namespace lode::app
