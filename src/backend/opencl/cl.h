// The OpenCL C++ bindings as used here: version 1.2, which every driver supports, with errors as values.
#pragma once

#define CL_TARGET_OPENCL_VERSION 120
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#define CL_HPP_TARGET_OPENCL_VERSION 120
#include <string>
#include <string_view>

#include <CL/opencl.hpp>

#include "lode/result.h"

namespace lode::backend::opencl {

// "CL_OUT_OF_RESOURCES (-5)"
std::string status_name(cl_int status);
// call: the call that returned the status, "clBuildProgram".
tl::unexpected<Error> call_failed(cl_int status, std::string_view call);

// Sanitizes names and build logs from drivers: control characters and non-ASCII bytes become '?', line breaks
// and tabs a single space; trims the ends and cuts the text to `most` characters.
std::string plain(std::string_view text, std::size_t most = 200);

}  // namespace lode::backend::opencl
