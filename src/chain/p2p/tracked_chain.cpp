#include "chain/p2p/tracked_chain.h"

#include <algorithm>

namespace lode::p2p {

using chain::Index;

std::optional<Chain::Place> TrackedChain::find(const Hash256& hash) const {
    const auto i = tracker_.find(hash);
    if (!i) return std::nullopt;
    return Place{tracker_.height(*i), tracker_.work(*i)};
}

Chain::Place TrackedChain::tip() const {
    return {tracker_.height(tracker_.tip()), tracker_.work(tracker_.tip())};
}

std::vector<Hash256> TrackedChain::locator() const {
    const Index tip = tracker_.tip(), parent = tracker_[tip].parent;
    return tracker_.locator(parent == chain::kNoIndex ? tip : parent);
}

std::vector<BlockHeader> TrackedChain::after(std::span<const Hash256> locator, const Hash256& stop,
                                             std::size_t max) const {
    std::vector<BlockHeader> headers;
    for (std::int64_t h = tracker_.height_after(locator); headers.size() < max; ++h) {
        const auto i = tracker_.at_height(h);
        if (!i) break;
        headers.push_back(tracker_.header(*i));
        if (tracker_.hash(*i) == stop) break;
    }
    return headers;
}

Chain::Answer TrackedChain::add_headers(std::span<const BlockHeader> headers, std::int64_t unix_time) {
    const Index before = tracker_.size(), old_tip = tracker_.tip();
    Answer answer;
    for (const auto& header : headers) {
        const auto accepted = tracker_.accept(header, unix_time);
        if (accepted) continue;
        answer = answer_of(accepted.error());
        break;
    }
    if (tracker_.size() != before || trouble_) trouble_ = keep_();
    if (tracker_.tip() != old_tip) {
        TipMove move{tracker_.hash(old_tip), tracker_.hash(tracker_.tip()), std::nullopt};
        const Index fork = tracker_.fork_point(old_tip, tracker_.tip());
        if (fork != old_tip)
            move.reorganisation = event::Reorganisation{tracker_.height(old_tip) - tracker_.height(fork),
                                                        move.from, move.to, tracker_.height(tracker_.tip())};
        tell(move);
    }
    return answer;
}

std::vector<BlockHeader> TrackedChain::connected(const TipMove& move, std::size_t max) const {
    std::vector<BlockHeader> headers;
    const auto from = tracker_.find(move.from), to = tracker_.find(move.to);
    if (!from || !to) return headers;
    const Index fork = tracker_.fork_point(*from, *to);
    for (Index i = *to; i != fork && headers.size() < max; i = tracker_[i].parent)
        headers.push_back(tracker_.header(i));
    std::ranges::reverse(headers);
    return headers;
}

Chain::Answer answer_of(const chain::RuleViolation& violation) {
    const bool later = violation.rule == chain::rule::kTimeTooNew;
    return {later ? Chain::Status::Later : Chain::Status::Invalid, violation.error().text()};
}

}  // namespace lode::p2p
