#include "engine/share_tally.h"

#include <algorithm>
#include <utility>

namespace lode::engine {
namespace {

std::uint64_t& counter(ShareCounts& shares, Outcome::Status status) {
    switch (status) {
        case Outcome::Status::Accepted:
            return shares.accepted;
        case Outcome::Status::Rejected:
            return shares.rejected;
        case Outcome::Status::Stale:
            return shares.stale;
        case Outcome::Status::Unknown:
            break;
    }
    return shares.unknown;
}

}  // namespace

// Reasons are untrusted text: only a limited number is counted separately.
void add(ShareCounts& shares, const Outcome& outcome) {
    ++counter(shares, outcome.status);
    if (outcome.status == Outcome::Status::Accepted) return;
    const auto same = [&](const std::string& text) {
        return std::ranges::find_if(shares.reasons, [&, status = outcome.status](const auto& reason) {
            return reason.result == status && reason.text == text;
        });
    };
    auto reason = same(outcome.reason);
    std::string text = outcome.reason;
    if (reason == shares.reasons.end() && shares.reasons.size() >= ShareCounts::kMaxReasons)
        reason = same(text = "other reasons");
    if (reason == shares.reasons.end())
        reason = shares.reasons.insert(reason, {outcome.status, std::move(text), 0});
    ++reason->count;
}

}  // namespace lode::engine
