#include "chain/header_pool.h"

#include <limits>

namespace lode::chain {
namespace {

constexpr std::size_t kMinSlots = 64;

// The low eight bytes of a block hash are random.
std::uint64_t random_bits(const Hash256& hash) {
    return std::hash<Hash256>()(hash);
}

std::uint8_t tag_of(const Hash256& hash) {
    return static_cast<std::uint8_t>(random_bits(hash) | 1);
}

}  // namespace

AddedWork AddedWork::plus(const Uint256& work) const {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t low = low_ + work.limb(0);
    const std::uint64_t carry = low < low_ ? 1 : 0;
    std::uint64_t high = 0;
    const bool overflow = __builtin_add_overflow(high_, work.limb(1), &high) ||
                          __builtin_add_overflow(high, carry, &high) || (work.limb(2) | work.limb(3)) != 0;
    return overflow ? AddedWork(kMost, kMost) : AddedWork(high, low);
}

// Scales the upper half of the random bits to the number of slots, which need not be a power of two.
std::size_t HeaderPool::first_slot(const Hash256& hash) const {
    return static_cast<std::size_t>((random_bits(hash) >> 32) * tags_.size() >> 32);
}

void HeaderPool::prefetch(const Hash256& hash) const {
    if (tags_.empty()) return;
    const std::size_t slot = first_slot(hash);
    __builtin_prefetch(&tags_[slot], 1);
    __builtin_prefetch(&indices_[slot], 1);
}

Index HeaderPool::find(const Hash256& hash) const {
    if (tags_.empty()) return kNoIndex;
    const std::uint8_t tag = tag_of(hash);
    for (std::size_t slot = first_slot(hash);; slot = next_slot(slot)) {
        if (tags_[slot] == 0) return kNoIndex;
        if (tags_[slot] == tag && (*this)[indices_[slot]].hash == hash) return indices_[slot];
    }
}

void HeaderPool::place(Index i) {
    const Hash256& hash = (*this)[i].hash;
    std::size_t slot = first_slot(hash);
    while (tags_[slot] != 0) slot = next_slot(slot);
    tags_[slot] = tag_of(hash);
    indices_[slot] = i;
}

void HeaderPool::grow() {
    const std::size_t slots = tags_.empty() ? kMinSlots : tags_.size() + tags_.size() / 2;
    tags_ = std::vector<std::uint8_t>(slots);
    indices_ = std::vector<Index>(slots, kNoIndex);
    for (Index i = 0; i + 1 < size_; ++i) place(i);  // the caller places the newest
}

Index HeaderPool::add(const HeaderRecord& record) {
    if (size_ / kBlock == blocks_.size()) blocks_.push_back(std::make_unique<HeaderRecord[]>(kBlock));
    const Index i = size_++;
    (*this)[i] = record;
    if (std::size_t{size_} * 16 > tags_.size() * 13) grow();
    place(i);
    return i;
}

std::size_t HeaderPool::memory() const {
    return blocks_.size() * kBlock * sizeof(HeaderRecord) +
           tags_.capacity() * (sizeof(std::uint8_t) + sizeof(Index));
}

}  // namespace lode::chain
