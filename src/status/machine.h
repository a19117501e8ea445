// This machine's name and id on the network.
#pragma once

#include <string>

namespace lode::status {

std::string machine_name();  // its host name; empty where it has none
// Derived from the name: 12 hex digits, the same at every start. Clients tell miners apart by such numbers.
std::string machine_id();

}  // namespace lode::status
