#include "chain/header_pool.h"

namespace lode::chain {

namespace {

std::uint32_t key_of(const Hash256& hash) {
    return static_cast<std::uint32_t>(std::hash<Hash256>()(hash));
}

}  // namespace

void HeaderPool::prefetch(const Hash256& hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[key_of(hash) & (slots_.size() - 1)], 1);
}

Index HeaderPool::find(const Hash256& hash) const {
    if (slots_.empty()) return kNoIndex;
    const std::uint32_t key = key_of(hash);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = key & mask;; at = (at + 1) & mask) {
        const Slot& slot = slots_[at];
        if (slot.index == kNoIndex || (slot.key == key && (*this)[slot.index].hash == hash))
            return slot.index;
    }
}

void HeaderPool::place(const Slot& slot) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = slot.key & mask;
    while (slots_[at].index != kNoIndex) at = (at + 1) & mask;
    slots_[at] = slot;
}

void HeaderPool::grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
        if (slot.index != kNoIndex) place(slot);
}

Index HeaderPool::add(const HeaderRecord& record) {
    if (size_ / kBlock == blocks_.size()) blocks_.push_back(std::make_unique<HeaderRecord[]>(kBlock));
    const Index i = size_++;
    (*this)[i] = record;
    if (std::size_t{size_} * 4 > slots_.size() * 3) grow();
    place({i, key_of(record.hash)});
    return i;
}

std::size_t HeaderPool::memory() const {
    return blocks_.size() * kBlock * sizeof(HeaderRecord) + slots_.capacity() * sizeof(Slot);
}

}  // namespace lode::chain
