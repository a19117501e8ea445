#include "chain/orphans.h"

#include <algorithm>

namespace lode::chain {

void OrphanPool::add(const BlockHeader& header, const Hash256& hash) {
    const auto [first, last] = by_parent_.equal_range(header.prev);
    for (auto it = first; it != last; ++it)
        if (by_age_.at(it->second).hash == hash) return;
    by_parent_.emplace(header.prev, next_age_);
    by_age_.emplace(next_age_++, Orphan{header, hash});
    if (by_age_.size() <= limit_) return;
    const auto oldest = by_age_.begin();
    const auto [from, to] = by_parent_.equal_range(oldest->second.header.prev);
    by_parent_.erase(
        std::find_if(from, to, [&](const auto& entry) { return entry.second == oldest->first; }));
    by_age_.erase(oldest);
}

std::vector<Orphan> OrphanPool::take(const Hash256& parent) {
    std::vector<std::uint64_t> ages;
    const auto [first, last] = by_parent_.equal_range(parent);
    for (auto it = first; it != last; ++it) ages.push_back(it->second);
    by_parent_.erase(first, last);
    std::ranges::sort(ages);
    std::vector<Orphan> taken;
    taken.reserve(ages.size());
    for (const std::uint64_t age : ages) taken.push_back(by_age_.extract(age).mapped());
    return taken;
}

void RecentHashes::add(const Hash256& hash) {
    if (!set_.insert(hash).second) return;
    order_.push_back(hash);
    if (order_.size() <= limit_) return;
    set_.erase(order_.front());
    order_.pop_front();
}

}  // namespace lode::chain
