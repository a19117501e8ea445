#pragma once

#include <string_view>

namespace lode::kernels {

// The complete OpenCL C text of the scan kernel: shared headers, words.cl, scan.cl. scan.cl lists the macros
// to define.
std::string_view opencl_source();

}  // namespace lode::kernels
