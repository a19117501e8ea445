#include "backend/cuda/plan.h"

namespace lode::backend::cuda {

Plans make_plans(std::span<const KernelTimes> kernels) {
    Plans plans;
    for (unsigned n = 1; n <= kMaxVariants; ++n) {
        for (std::size_t k = 0; k < kernels.size(); ++k) {
            for (unsigned m = 1; m <= n; ++m) {
                const double piece = kernels[k][m];
                const Plan& rest = plans[n - m];
                if (piece <= 0 || (m < n && rest.steps.empty())) continue;
                const double seconds = piece + rest.seconds;
                if (!plans[n].steps.empty() && seconds >= plans[n].seconds) continue;
                plans[n].seconds = seconds;
                plans[n].steps = rest.steps;
                plans[n].steps.push_back({k, m});
            }
        }
    }
    return plans;
}

unsigned fastest_variants(const Plans& plans) {
    unsigned best = 1;
    for (unsigned n = 2; n <= kMaxVariants; ++n)
        if (!plans[n].steps.empty() && plans[n].seconds / n < plans[best].seconds / best) best = n;
    return best;
}

}  // namespace lode::backend::cuda
