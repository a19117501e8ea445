// Waiting for a command with an end to patience, without keeping a core busy.
#pragma once

#include <chrono>
#include <optional>

#include "backend/opencl/cl.h"

namespace lode::backend::opencl {

// The command's final status, CL_COMPLETE or negative; nothing where it has none when patience ends.
std::optional<cl_int> wait_for(const cl::Event& event, std::chrono::milliseconds patience);

}  // namespace lode::backend::opencl
