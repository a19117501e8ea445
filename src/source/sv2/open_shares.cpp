#include "source/sv2/open_shares.h"

#include <algorithm>
#include <utility>

namespace lode::source::sv2 {
namespace {

// a before b, on a circle of 2^32 of which only a small arc is in use.
bool before(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a - b) < 0;
}

}  // namespace

std::uint32_t OpenShares::add(Solution solution, SubmitCallback callback) {
    shares_.push_back({next_, std::move(solution), std::move(callback)});
    return next_++;
}

std::deque<OpenShares::Share> OpenShares::accept_up_to(std::uint32_t last) {
    std::deque<Share> accepted;
    if (!before(last, next_)) return accepted;
    while (!shares_.empty() && !before(last, shares_.front().sequence)) {
        accepted.push_back(std::move(shares_.front()));
        shares_.pop_front();
    }
    return accepted;
}

std::optional<OpenShares::Share> OpenShares::refuse(std::uint32_t sequence) {
    const auto found = std::ranges::find(shares_, sequence, &Share::sequence);
    if (found == shares_.end()) return std::nullopt;
    std::optional<Share> share = std::move(*found);
    shares_.erase(found);
    return share;
}

std::optional<OpenShares::Share> OpenShares::give_up_over(std::size_t most) {
    if (shares_.size() <= most) return std::nullopt;
    std::optional<Share> share = std::move(shares_.front());
    shares_.pop_front();
    return share;
}

std::deque<OpenShares::Share> OpenShares::clear() {
    return std::exchange(shares_, {});
}

}  // namespace lode::source::sv2
