// Waits for a command with a timeout, without busy-waiting.
#pragma once

#include <chrono>
#include <optional>

#include "backend/opencl/cl.h"

namespace lode::backend::opencl {

// The command's final status, CL_COMPLETE or negative; nullopt on timeout.
std::optional<cl_int> wait_for(const cl::Event& event, std::chrono::milliseconds timeout);

}  // namespace lode::backend::opencl
