// Measures which kernels are fastest on this GPU, in about two seconds.
#pragma once

#include <string>

#include "backend/cuda/plan.h"
#include "backend/cuda/session.h"

namespace lode::backend::cuda {

[[nodiscard]] Result<Plans> tune(Session& session);

// Variants, additions, distances shifted by multiplication, threads x blocks per multiprocessor, nonces:
// "8-looped/fma/00000408/128x6/1".
[[nodiscard]] std::string describe(const kernels::cuda::ScanKernel& kernel);

}  // namespace lode::backend::cuda
