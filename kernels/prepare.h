// What a scan needs of its input beside the nonce, computed once: plain words, passed to the device as they
// are.
#pragma once

#include <array>

#include "lode/scan.h"

// The structs are C, shared with the kernels' own languages.
#include "kernels/sha256_prepared.h"

namespace lode::kernels {

struct Prepared {
    lode_common common;
    std::array<lode_variant, kMaxVariants> variant;  // the first input.variants of them
    std::uint32_t max_top;
};

[[nodiscard]] Prepared prepare(const ScanInput& input);

}  // namespace lode::kernels
