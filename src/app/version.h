#pragma once

#include <string>

namespace lode::app {

std::string version_text();  // "lode 0.1.0 (GCC 12.2.0; cuda: …; opencl: …)"

}  // namespace lode::app
