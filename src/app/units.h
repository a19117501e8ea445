// Numbers as miners write them.
#pragma once

#include <string>

namespace lode::app {

std::string hashrate_text(double hashes_per_second);     // "41.23 MH/s"
std::string difficulty_text(double difficulty);          // "0.0005", "1.50K", "92.67T"
std::string duration_text(double seconds);               // "1h 02m 03s"
std::string count_text(double count, const char* unit);  // "4.12 G" + unit

}  // namespace lode::app
