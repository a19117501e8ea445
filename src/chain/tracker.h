// The header tree of one network: all valid branches, the tip with the most work, first seen wins a tie. No
// I/O and no clock: time is a parameter. Not thread-safe: used on the io thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "chain/header_pool.h"
#include "chain/network.h"
#include "chain/orphans.h"
#include "chain/rules.h"

namespace lode::chain {

// Where a tracker begins: genesis, or a block that the user trusts, with the chain work up to and including
// it.
struct Anchor {
    std::int64_t height = 0;
    BlockHeader header;
    Uint256 work;
    friend bool operator==(const Anchor&, const Anchor&) = default;
};
[[nodiscard]] Anchor genesis_anchor(const Network& network);
// Upper bounds for anchors, such that later heights and work cannot overflow: heights are stored in 31 bits,
// and the work of mainnet was about 2^97 in 2026.
inline constexpr std::int64_t kMaxAnchorHeight = 1'000'000'000;
[[nodiscard]] inline Uint256 max_anchor_work() {
    return Uint256(1) << 160;
}

// The tip moved to another branch.
struct Reorganisation {
    std::int64_t depth = 0;  // blocks of the old branch that are no longer on the best chain
    Hash256 old_tip, new_tip;
    std::int64_t height = 0;  // of the new tip
    friend bool operator==(const Reorganisation&, const Reorganisation&) = default;
};

struct Accepted {
    enum class Status {
        Added,
        Known,   // already in the tree
        Orphan,  // kept until its parent arrives
    } status = Status::Added;
    Index index = kNoIndex;  // not for an orphan
    bool new_tip = false;
    std::optional<Reorganisation> reorganisation{};
    std::optional<RuleViolation> bad_orphan{};  // of an orphan that was waiting for this header
};
using Acceptance = tl::expected<Accepted, RuleViolation>;

class ChainTracker {
 public:
    static constexpr std::size_t kMaxOrphans = 4096;
    static constexpr std::size_t kMaxBad = 16384;  // hashes of bad blocks remembered

    explicit ChainTracker(const Network& network, std::size_t max_orphans = kMaxOrphans);
    ChainTracker(const Network& network, const Anchor& anchor, std::size_t max_orphans = kMaxOrphans);

    // Checks and links the header, and orphans waiting for it. now: seconds since 1970. Headers added by one
    // call get consecutive indices: [size before, size after).
    Acceptance accept(const BlockHeader& header, std::int64_t now);
    // hash: header.hash(), if the caller has computed it already.
    Acceptance accept(const BlockHeader& header, const Hash256& hash, std::int64_t now);

    // Marks a block invalid by rules beyond those of headers, with all its descendants, permanently. Returns
    // how the tip moved, if it did. Not for the anchor.
    std::optional<Reorganisation> invalidate(const Hash256& hash);

    // Minimum work for branches from peers: that of the tip minus 144 blocks at its difficulty. Branches with
    // less are not stored, so a flood of low-work headers uses no memory.
    [[nodiscard]] Uint256 low_work_limit() const;

    [[nodiscard]] const Network& network() const { return *network_; }
    [[nodiscard]] const Anchor& anchor() const { return anchor_; }
    [[nodiscard]] Index size() const { return pool_.size(); }
    [[nodiscard]] Index tip() const { return best_.back(); }
    [[nodiscard]] std::optional<Index> find(const Hash256& hash) const;
    [[nodiscard]] std::optional<Index> at_height(std::int64_t height) const;  // on the best chain
    [[nodiscard]] bool known_bad(const Hash256& hash) const;

    // Of the header with this index, below size().
    [[nodiscard]] const HeaderRecord& operator[](Index i) const { return pool_[i]; }
    [[nodiscard]] BlockHeader header(Index i) const;
    [[nodiscard]] const Hash256& hash(Index i) const { return pool_[i].hash; }
    [[nodiscard]] std::int64_t height(Index i) const { return pool_[i].height; }
    [[nodiscard]] Uint256 work(Index i) const { return anchor_.work + pool_[i].work.number(); }
    [[nodiscard]] bool on_best_chain(Index i) const { return at_height(height(i)) == i; }
    [[nodiscard]] Index fork_point(Index a, Index b) const;  // the last common ancestor
    // The reorganisation if the tip moves from one to the other; nullopt if `to` descends from `from`.
    [[nodiscard]] std::optional<Reorganisation> reorganisation(Index from, Index to) const;
    [[nodiscard]] Index ancestor(Index i, std::int64_t height) const;  // anchor height <= height <= height(i)

    // For the block after header i; nullopt if it depends on blocks before the anchor.
    [[nodiscard]] std::optional<std::uint32_t> next_bits(Index i, std::uint32_t time) const;
    [[nodiscard]] std::optional<std::uint32_t> median_time_past(Index i) const;
    [[nodiscard]] std::optional<std::uint32_t> earliest_time(Index i) const;

    // Tips of valid branches other than the best.
    [[nodiscard]] std::vector<Index> branch_tips() const;
    [[nodiscard]] std::size_t orphans() const { return orphans_.size(); }
    [[nodiscard]] std::size_t memory() const;  // bytes in headers and their index

    // Block locator from header i back to the anchor (getheaders): 10 consecutive hashes, then doubling
    // steps.
    [[nodiscard]] std::vector<Hash256> locator(Index i) const;
    // The first block of the best chain after the newest locator hash that is on it; after the anchor if none
    // is.
    [[nodiscard]] std::int64_t height_after(std::span<const Hash256> locator) const;

 private:
    Acceptance link(const BlockHeader& header, const Hash256& hash, std::int64_t now);
    Acceptance hold(const BlockHeader& header, const Hash256& hash, const Uint256& target);
    Index add(const BlockHeader& header, const Hash256& hash, Index parent);
    std::optional<Reorganisation> move_tip(Index to);
    const Uint256& block_work(std::uint32_t bits);

    const Network* network_;
    Anchor anchor_;
    HeaderPool pool_;
    std::deque<Index> best_;  // the best chain, from the anchor to the tip
    OrphanPool orphans_;
    RecentHashes bad_;
    struct {
        std::uint32_t bits = 0;
        Uint256 work;
    } work_cache_[2];  // nBits rarely change; on testnets they alternate between two values
};

// Ancestors for the rules: a header of the tracker and those before it. Valid until the tracker changes.
class TrackedAncestors final : public Ancestors {
 public:
    TrackedAncestors(const ChainTracker& tracker, Index last)
        : tracker_(tracker), last_(last), cursor_(last) {}
    [[nodiscard]] std::int64_t height() const override { return tracker_.height(last_); }
    [[nodiscard]] std::optional<Block> at(std::int64_t height) const override;

 private:
    const ChainTracker& tracker_;
    Index last_;
    mutable Index cursor_;  // callers mostly step down one block at a time
};

}  // namespace lode::chain
