// Which kernels are fast on this GPU: all are measured, about two seconds in all.
#pragma once

#include <string>
#include <variant>

#include "backend/cuda/plan.h"
#include "backend/cuda/session.h"

namespace lode::backend::cuda {

[[nodiscard]] std::variant<Plans, Error> tune(Session& session);

// Variants, additions, distances shifted by multiplication, threads x blocks a multiprocessor, nonces:
// "8-looped/fma/00000408/128x6/1".
[[nodiscard]] std::string describe(const kernels::cuda::ScanKernel& kernel);

}  // namespace lode::backend::cuda
