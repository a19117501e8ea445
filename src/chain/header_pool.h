// The headers of a tracker, by index and by hash: plain records in blocks that never move, and an open hash
// table of 4-byte indices. About 132 bytes a header in all; no allocation a header, one cache miss a look-up.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lode/header.h"
#include "lode/uint256.h"

namespace lode::chain {

// Counts headers in the order in which they were accepted: a parent's index is smaller than its child's.
using Index = std::uint32_t;
inline constexpr Index kNoIndex = 0xffffffff;

// A header without its prev (that is the parent's hash), its hash, and the sum of work up to and including
// it.
struct HeaderRecord {
    Hash256 hash;
    Hash256 merkle_root;
    Uint256 work;
    std::uint32_t version = 0, time = 0, bits = 0, nonce = 0;
    Index parent = kNoIndex;
    std::uint32_t height : 31 = 0;
    std::uint32_t invalid : 1 = 0;
};
static_assert(sizeof(HeaderRecord) == 120);

class HeaderPool {
 public:
    [[nodiscard]] Index size() const { return size_; }
    [[nodiscard]] const HeaderRecord& operator[](Index i) const { return block(i)[i % kBlock]; }
    [[nodiscard]] HeaderRecord& operator[](Index i) { return block(i)[i % kBlock]; }
    [[nodiscard]] Index find(const Hash256& hash) const;  // kNoIndex: not here
    void prefetch(const Hash256& hash) const;             // find() of this hash comes soon
    Index add(const HeaderRecord& record);                // its hash is not here yet
    [[nodiscard]] std::size_t memory() const;             // bytes

 private:
    static constexpr Index kBlock = 1 << 10;  // 120 kB, so that a small chain is small

    struct Slot {
        Index index = kNoIndex;
        std::uint32_t key = 0;  // first four bytes of the hash, which are random; its low bits are the place
    };
    [[nodiscard]] HeaderRecord* block(Index i) const { return blocks_[i / kBlock].get(); }
    void grow();
    void place(const Slot& slot);

    std::vector<std::unique_ptr<HeaderRecord[]>> blocks_;
    std::vector<Slot> slots_;  // power of two, at most three quarters full
    Index size_ = 0;
};

}  // namespace lode::chain
