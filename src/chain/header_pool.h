// The headers of a tracker, by index and by hash: plain records in blocks that never move, and an
// open-addressing hash table of their indices. About 115 bytes per header in all; no allocation per header. A
// lookup reads one byte per slot and then usually only the matching record.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

#include "lode/header.h"
#include "lode/uint256.h"

namespace lode::chain {

// Counts headers in the order in which they were accepted: a parent's index is smaller than its child's.
using Index = std::uint32_t;
inline constexpr Index kNoIndex = 0xffffffff;

// The sum of work since the tracker's anchor. Every header has proof of work, and the work of mainnet was
// about 2^97 in 2026, so 128 bits suffice; they saturate.
class AddedWork {
 public:
    constexpr AddedWork() = default;
    [[nodiscard]] AddedWork plus(const Uint256& work) const;
    [[nodiscard]] Uint256 number() const { return (Uint256(high_) << 64) + Uint256(low_); }
    friend constexpr std::strong_ordering operator<=>(const AddedWork&, const AddedWork&) = default;

 private:
    constexpr AddedWork(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}
    std::uint64_t high_ = 0, low_ = 0;  // compared in this order
};

// A header without its prev (which is the parent's hash), its hash, and the work up to and including it.
struct HeaderRecord {
    Hash256 hash;
    Hash256 merkle_root;
    AddedWork work;
    std::uint32_t version = 0, time = 0, bits = 0, nonce = 0;
    Index parent = kNoIndex;
    std::uint32_t height : 31 = 0;
    std::uint32_t invalid : 1 = 0;
};
static_assert(sizeof(HeaderRecord) == 104);

class HeaderPool {
 public:
    [[nodiscard]] Index size() const { return size_; }
    [[nodiscard]] const HeaderRecord& operator[](Index i) const { return block(i)[i % kBlock]; }
    [[nodiscard]] HeaderRecord& operator[](Index i) { return block(i)[i % kBlock]; }
    [[nodiscard]] Index find(const Hash256& hash) const;  // kNoIndex: not found
    void prefetch(const Hash256& hash) const;             // a find() of this hash follows soon
    Index add(const HeaderRecord& record);                // its hash must not be in the pool
    [[nodiscard]] std::size_t memory() const;             // bytes

 private:
    static constexpr Index kBlock = 1 << 10;  // 104 kB, so that a small chain is small

    [[nodiscard]] HeaderRecord* block(Index i) const { return blocks_[i / kBlock].get(); }
    [[nodiscard]] std::size_t first_slot(const Hash256& hash) const;
    [[nodiscard]] std::size_t next_slot(std::size_t slot) const {
        return slot + 1 < tags_.size() ? slot + 1 : 0;
    }
    void grow();
    void place(Index i);

    std::vector<std::unique_ptr<HeaderRecord[]>> blocks_;
    // Slots, at most 13 in 16 of them used. A tag is eight bits of the hash, 0 if the slot is empty.
    std::vector<std::uint8_t> tags_;
    std::vector<Index> indices_;
    Index size_ = 0;
};

}  // namespace lode::chain
