// Which kernels are fast on this GPU: all are measured, about two seconds in all.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "backend/cuda/plan.h"
#include "backend/cuda/session.h"

namespace lode::backend::cuda {

// say: a line for a person about each kernel; may be empty.
[[nodiscard]] std::variant<Plans, Error> tune(Session& session,
                                              const std::function<void(const std::string&)>& say);

// "8 looped, sums FMA, FMA shifts 00000408, 128 x 6, 1 nonce".
[[nodiscard]] std::string describe(const kernels::cuda::ScanKernel& kernel);

}  // namespace lode::backend::cuda
