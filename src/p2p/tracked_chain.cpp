#include "p2p/tracked_chain.h"

#include <algorithm>

namespace lode::p2p {

using chain::Index;

std::optional<Chain::Place> TrackedChain::find(const Hash256& hash) const {
    const auto i = tracker_.find(hash);
    if (!i) return std::nullopt;
    return place(*i);
}

Chain::Place TrackedChain::tip() const {
    return place(tracker_.tip());
}

Chain::Place TrackedChain::place(Index i) const {
    return {tracker_.height(i), tracker_.work(i), tracker_[i].bits};
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

Chain::Answer TrackedChain::add_headers(std::span<const BlockHeader> headers, std::span<const Hash256> hashes,
                                        std::int64_t unix_time) {
    const Index before = tracker_.size(), old_tip = tracker_.tip();
    Answer answer;
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const auto accepted = tracker_.accept(headers[i], hashes[i], unix_time);
        if (accepted) continue;
        answer = answer_of(accepted.error());
        break;
    }
    if (tracker_.size() != before || write_error_) keep();
    if (tracker_.tip() != old_tip) {
        notify({tracker_.hash(old_tip), tracker_.hash(tracker_.tip()),
                tracker_.reorganisation(old_tip, tracker_.tip())});
    }
    return answer;
}

void TrackedChain::keep() {
    write_error_ = storage_.write();
    if (write_error_ || !storage_.sync) return;
    if (!disk_sync_)
        sync_error_ = storage_.sync();
    else
        when_synced([](const auto&) {});
}

void TrackedChain::when_synced(net::DiskSync::Done done) {
    disk_sync_->sync([this, done = std::move(done)](const std::optional<Error>& error) {
        if (error && !sync_error_) sync_error_ = error;
        done(storage_error());
    });
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
