#include "chain/tracker.h"

#include <algorithm>

#include <fmt/core.h>

#include "chain/target.h"

namespace lode::chain {
namespace {

constexpr std::uint64_t kLowWorkMargin = 144;  // blocks

RuleViolation bad_parent(const BlockHeader& header, const Hash256& hash) {
    return {rule::kBadParent, "follows " + header.prev.hex() + ", which is invalid", "a valid parent", -1,
            hash};
}

}  // namespace

Anchor genesis_anchor(const Network& network) {
    return {0, network.genesis, work_of_bits(network.genesis.bits)};
}

ChainTracker::ChainTracker(const Network& network, std::size_t max_orphans)
    : ChainTracker(network, genesis_anchor(network), max_orphans) {}

ChainTracker::ChainTracker(const Network& network, const Anchor& anchor, std::size_t max_orphans)
    : network_(&network), anchor_(anchor), orphans_(max_orphans), bad_(kMaxBad) {
    const BlockHeader& h = anchor.header;
    best_.push_back(pool_.add({h.hash(),
                               h.merkle_root,
                               {},
                               h.version,
                               h.time,
                               h.bits,
                               h.nonce,
                               kNoIndex,
                               static_cast<std::uint32_t>(anchor.height) & 0x7fffffff,
                               0}));
}

Acceptance ChainTracker::accept(const BlockHeader& header, std::int64_t now) {
    return accept(header, header.hash(), now);
}

Acceptance ChainTracker::accept(const BlockHeader& header, const Hash256& hash, std::int64_t now) {
    Acceptance result = link(header, hash, now);
    if (!result || result->status != Accepted::Status::Added) return result;
    Index best = result->index;
    if (orphans_.size() > 0) {
        for (Index parent = result->index; parent < pool_.size(); ++parent) {
            for (const Orphan& orphan : orphans_.take(pool_[parent].hash)) {
                auto linked = link(orphan.header, orphan.hash, now);
                if (!linked) result->bad_orphan = std::move(linked.error());
            }
            if (pool_[parent].work > pool_[best].work) best = parent;
        }
    }
    if (pool_[best].work <= pool_[tip()].work) return result;
    result->new_tip = true;
    result->reorganisation = move_tip(best);
    return result;
}

Acceptance ChainTracker::link(const BlockHeader& header, const Hash256& hash, std::int64_t now) {
    pool_.prefetch(hash);
    // The next header of a batch usually follows the last one added: no lookup needed.
    const Index newest = pool_.size() - 1;
    const Index parent = pool_[newest].hash == header.prev ? newest : pool_.find(header.prev);
    const auto refuse = [&](RuleViolation violation) {
        violation.hash = hash;
        if (parent != kNoIndex) violation.height = height(parent) + 1;
        return tl::unexpected(std::move(violation));
    };
    const auto target = check_target(*network_, header);
    if (!target) return refuse(target.error());
    if (const Index known = pool_.find(hash); known != kNoIndex) {
        if (pool_[known].invalid)
            return refuse({rule::kKnownBad, "known to be bad", "another block", -1, hash});
        return Accepted{.status = Accepted::Status::Known, .index = known};
    }
    if (parent == kNoIndex) return hold(header, hash, *target);
    // Wrong nBits or time are reported first: they say more than an insufficient hash.
    auto violation = pool_[parent].invalid
                         ? bad_parent(header, hash)
                         : check_in_place(*network_, TrackedAncestors(*this, parent), header, now);
    auto no_work = check_hash(hash, *target);
    if (!violation && !no_work) return Accepted{.index = add(header, hash, parent)};
    // Remembered only if it has proof of work, and if it cannot become valid with time.
    if (!no_work && violation->rule != rule::kTimeTooNew) bad_.add(hash);
    return refuse(std::move(violation ? *violation : *no_work));
}

Acceptance ChainTracker::hold(const BlockHeader& header, const Hash256& hash, const Uint256& target) {
    if (auto no_work = check_hash(hash, target)) return tl::unexpected(std::move(*no_work));
    if (bad_.contains(header.prev)) {
        bad_.add(hash);
        return tl::unexpected(bad_parent(header, hash));
    }
    orphans_.add(header, hash);
    return Accepted{.status = Accepted::Status::Orphan};
}

Index ChainTracker::add(const BlockHeader& h, const Hash256& hash, Index parent) {
    const HeaderRecord& before = pool_[parent];
    return pool_.add({hash, h.merkle_root, before.work.plus(block_work(h.bits)), h.version, h.time, h.bits,
                      h.nonce, parent, (before.height + 1u) & 0x7fffffff, 0});
}

const Uint256& ChainTracker::block_work(std::uint32_t bits) {
    if (work_cache_[0].bits == bits) return work_cache_[0].work;
    std::swap(work_cache_[0], work_cache_[1]);
    if (work_cache_[0].bits != bits) work_cache_[0] = {bits, work_of_bits(bits)};
    return work_cache_[0].work;
}

std::optional<Reorganisation> ChainTracker::move_tip(Index to) {
    const Index old_tip = tip();
    if (pool_[to].parent == old_tip) {
        best_.push_back(to);
        return std::nullopt;
    }
    const Index fork = fork_point(old_tip, to);
    const auto keep = static_cast<std::size_t>(height(fork) - anchor_.height + 1);
    best_.resize(keep + static_cast<std::size_t>(height(to) - height(fork)));
    std::size_t at = best_.size();
    for (Index i = to; i != fork; i = pool_[i].parent) best_[--at] = i;
    return reorganisation(old_tip, to);
}

std::optional<Reorganisation> ChainTracker::invalidate(const Hash256& hash) {
    const Index bad = pool_.find(hash);
    bad_.add(hash);
    if (bad == kNoIndex || bad == 0 || pool_[bad].invalid) return std::nullopt;
    pool_[bad].invalid = 1;
    for (Index i = bad + 1; i < pool_.size(); ++i)  // parents come before their children
        if (pool_[pool_[i].parent].invalid) pool_[i].invalid = 1;
    if (!pool_[tip()].invalid) return std::nullopt;
    Index best = 0;  // the first seen with the most work
    for (Index i = 0; i < pool_.size(); ++i)
        if (!pool_[i].invalid && pool_[i].work > pool_[best].work) best = i;
    return move_tip(best);
}

Uint256 ChainTracker::low_work_limit() const {
    const Uint256 best = work(tip()), margin = work_of_bits(pool_[tip()].bits) * kLowWorkMargin;
    return best > margin ? best - margin : Uint256();
}

std::optional<Index> ChainTracker::find(const Hash256& hash) const {
    const Index i = pool_.find(hash);
    return i == kNoIndex ? std::nullopt : std::optional(i);
}

std::optional<Index> ChainTracker::at_height(std::int64_t height) const {
    const std::int64_t above = height - anchor_.height;
    if (above < 0 || above >= static_cast<std::int64_t>(best_.size())) return std::nullopt;
    return best_[static_cast<std::size_t>(above)];
}

bool ChainTracker::known_bad(const Hash256& hash) const {
    const Index i = pool_.find(hash);
    return i == kNoIndex ? bad_.contains(hash) : pool_[i].invalid != 0;
}

BlockHeader ChainTracker::header(Index i) const {
    const HeaderRecord& r = pool_[i];
    const Hash256 prev = r.parent == kNoIndex ? anchor_.header.prev : pool_[r.parent].hash;
    return {r.version, prev, r.merkle_root, r.time, r.bits, r.nonce};
}

Index ChainTracker::ancestor(Index i, std::int64_t height) const {
    while (pool_[i].height > height) {
        const bool far = pool_[i].height > height + 1;  // otherwise following prev is shorter
        if (far && on_best_chain(i)) return *at_height(height);
        i = pool_[i].parent;
    }
    return i;
}

std::optional<Reorganisation> ChainTracker::reorganisation(Index from, Index to) const {
    const Index fork = fork_point(from, to);
    if (fork == from) return std::nullopt;
    return Reorganisation{height(from) - height(fork), hash(from), hash(to), height(to)};
}

Index ChainTracker::fork_point(Index a, Index b) const {
    const std::int64_t lower = std::min(height(a), height(b));
    a = ancestor(a, lower);
    b = ancestor(b, lower);
    while (a != b) {
        a = pool_[a].parent;
        b = pool_[b].parent;
    }
    return a;
}

std::optional<std::uint32_t> ChainTracker::next_bits(Index i, std::uint32_t time) const {
    return required_bits(*network_, TrackedAncestors(*this, i), time);
}

std::optional<std::uint32_t> ChainTracker::median_time_past(Index i) const {
    return chain::median_time_past(TrackedAncestors(*this, i));
}

std::optional<std::uint32_t> ChainTracker::earliest_time(Index i) const {
    return chain::earliest_time(*network_, TrackedAncestors(*this, i));
}

std::vector<Index> ChainTracker::branch_tips() const {
    std::vector<bool> inner(pool_.size());
    for (Index i = 1; i < pool_.size(); ++i)
        if (!pool_[i].invalid) inner[pool_[i].parent] = true;
    std::vector<Index> tips;
    for (Index i = 0; i < pool_.size(); ++i)
        if (!inner[i] && !pool_[i].invalid && i != tip()) tips.push_back(i);
    return tips;
}

std::size_t ChainTracker::memory() const {
    return pool_.memory() + best_.size() * sizeof(Index);
}

std::vector<Hash256> ChainTracker::locator(Index i) const {
    std::vector<Hash256> hashes;
    for (std::int64_t at = height(i), step = 1; at > anchor_.height; at -= step) {
        i = ancestor(i, at);
        hashes.push_back(hash(i));
        if (hashes.size() >= 10) step *= 2;
    }
    hashes.push_back(pool_[0].hash);
    return hashes;
}

std::int64_t ChainTracker::height_after(std::span<const Hash256> locator) const {
    for (const Hash256& h : locator)
        if (const auto i = find(h); i && on_best_chain(*i)) return height(*i) + 1;
    return anchor_.height + 1;
}

std::optional<Ancestors::Block> TrackedAncestors::at(std::int64_t height) const {
    if (height < tracker_.anchor().height || height > this->height()) return std::nullopt;
    if (height > tracker_.height(cursor_)) cursor_ = last_;
    cursor_ = tracker_.ancestor(cursor_, height);
    const HeaderRecord& record = tracker_[cursor_];
    return Block{record.time, record.bits};
}

}  // namespace lode::chain
