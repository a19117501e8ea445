// Headers whose parent is not known yet, bounded in number with the oldest evicted first. And hashes of
// invalid blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lode/header.h"

namespace lode::chain {

struct Orphan {
    BlockHeader header;
    Hash256 hash;
};

class OrphanPool {
 public:
    explicit OrphanPool(std::size_t limit) : limit_(limit) {}
    void add(const BlockHeader& header, const Hash256& hash);
    // Removes and returns the orphans that follow this block, oldest first.
    [[nodiscard]] std::vector<Orphan> take(const Hash256& parent);
    [[nodiscard]] std::size_t size() const { return by_age_.size(); }

 private:
    std::size_t limit_;
    std::uint64_t next_age_ = 0;
    std::map<std::uint64_t, Orphan> by_age_;
    std::unordered_multimap<Hash256, std::uint64_t> by_parent_;  // to the age
};

// Remembers the latest `limit` hashes.
class RecentHashes {
 public:
    explicit RecentHashes(std::size_t limit) : limit_(limit) {}
    void add(const Hash256& hash);
    [[nodiscard]] bool contains(const Hash256& hash) const { return set_.contains(hash); }

 private:
    std::size_t limit_;
    std::unordered_set<Hash256> set_;
    std::deque<Hash256> order_;
};

}  // namespace lode::chain
