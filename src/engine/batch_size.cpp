#include "engine/batch_size.h"

#include <algorithm>
#include <cmath>

namespace lode::engine {

std::uint64_t BatchSize::nonces(std::uint32_t variants, std::uint32_t max_top) const {
    const double hit_rate = (static_cast<double>(max_top) + 1) / 0x1p32;
    const double by_hits = kMaxHits / 4.0 / hit_rate;  // keeps expected hits far below the buffer size
    const double hashes = std::min(hashes_per_batch_, by_hits);
    const auto count = static_cast<std::uint64_t>(std::clamp(hashes / variants, 1.0, 0x1p32));
    return count > granularity_ ? count - count % granularity_ : count;
}

void BatchSize::measured(std::uint64_t hashes, std::chrono::nanoseconds took) {
    const double seconds = std::max(std::chrono::duration<double>(took).count(), 1e-6);
    const double wanted = static_cast<double>(hashes) / seconds * target_.count();
    // The duration of a batch limited by hits is mostly overhead and says nothing about long ones. Only
    // growth is applied then.
    if (static_cast<double>(hashes) < hashes_per_batch_ / 2 && wanted < hashes_per_batch_) return;
    hashes_per_batch_ = std::clamp(wanted, hashes_per_batch_ / 2, hashes_per_batch_ * 4);
    hashes_per_batch_ = std::clamp(hashes_per_batch_, 1024.0, 0x1p35);
}

}  // namespace lode::engine
