#include <algorithm>

#include "lode/job.h"

namespace lode {
namespace {

constexpr std::uint64_t kNonces = std::uint64_t{1} << 32;

}  // namespace

SearchSpace::SearchSpace(std::uint64_t rolls, std::uint64_t first_roll, std::uint32_t first_nonce)
    : rolls_(std::clamp<std::uint64_t>(rolls, 1, kMaxRolls)),
      cursor_(std::min(first_roll, rolls_) * kNonces + first_nonce) {}

std::optional<SearchSpace::Claim> SearchSpace::claim(std::uint64_t count) {
    std::uint64_t at = cursor_.load(std::memory_order_relaxed);
    while (at < rolls_ * kNonces) {
        const std::uint64_t first = at % kNonces;
        const std::uint64_t taken = std::clamp<std::uint64_t>(count, 1, kNonces - first);
        if (cursor_.compare_exchange_weak(at, at + taken, std::memory_order_relaxed))
            return Claim{at / kNonces, static_cast<std::uint32_t>(first), taken};
    }
    return std::nullopt;
}

bool SearchSpace::exhausted() const {
    return cursor_.load(std::memory_order_relaxed) >= rolls_ * kNonces;
}

}  // namespace lode
