// The part of a scan that does not depend on the nonce, computed once: plain words, passed to the device as
// they are.
#pragma once

#include "kernels/sha256_prepared.h"
#include "lode/scan.h"

namespace lode::kernels {

struct Prepared {
    lode_common common;
    lode_variant
        variant[kMaxVariants];  // the first `variants` of them; no std::array, which device code lacks
    lode_u32 max_top;
    lode_u32 variants;
};

[[nodiscard]] Prepared prepare(const ScanInput& input);

}  // namespace lode::kernels
