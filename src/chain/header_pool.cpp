#include "chain/header_pool.h"

namespace lode::chain {

Index HeaderPool::find(const Hash256& hash) const {
    if (slots_.empty()) return kNoIndex;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = std::hash<Hash256>()(hash) & mask;; slot = (slot + 1) & mask) {
        const Index i = slots_[slot];
        if (i == kNoIndex || (*this)[i].hash == hash) return i;
    }
}

void HeaderPool::place(Index i) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<Hash256>()((*this)[i].hash) & mask;
    while (slots_[slot] != kNoIndex) slot = (slot + 1) & mask;
    slots_[slot] = i;
}

void HeaderPool::grow() {
    slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), kNoIndex);
    for (Index i = 0; i < size_; ++i) place(i);
}

Index HeaderPool::add(const HeaderRecord& record) {
    if (size_ / kBlock == blocks_.size()) blocks_.push_back(std::make_unique<HeaderRecord[]>(kBlock));
    const Index i = size_++;
    (*this)[i] = record;
    if (std::size_t{size_} * 4 > slots_.size() * 3)
        grow();
    else
        place(i);
    return i;
}

std::size_t HeaderPool::memory() const {
    return blocks_.size() * kBlock * sizeof(HeaderRecord) + slots_.capacity() * sizeof(Index);
}

}  // namespace lode::chain
