// The OpenCL C++ bindings as this folder uses them: version 1.2, which every driver has, and errors as
// values.
#pragma once

#define CL_TARGET_OPENCL_VERSION 120
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#define CL_HPP_TARGET_OPENCL_VERSION 120
#include <string>
#include <string_view>

#include <CL/opencl.hpp>

#include "lode/error.h"

namespace lode::backend::opencl {

// "CL_OUT_OF_RESOURCES (-5)"
std::string status_name(cl_int status);
// call: "clBuildProgram", what was asked of the driver when it answered with the status.
Error call_failed(cl_int status, std::string_view call);

// Names and build logs come from drivers: control characters and bytes beyond ASCII become '?', line breaks
// and tabs one blank, blanks at the ends go, and the text is cut to `most` characters.
std::string plain(std::string_view text, std::size_t most = 200);

}  // namespace lode::backend::opencl
