// The header tree of one network: every branch that keeps the rules, the tip with the most work, first seen
// wins a tie. A value without I/O or clock: time is a parameter. Not thread-safe: it lives on the io thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "chain/header_pool.h"
#include "chain/network.h"
#include "chain/orphans.h"
#include "chain/rules.h"
#include "lode/events.h"

namespace lode::chain {

// Where a tracker begins: genesis, or a block that its user trusts, with the work up to and including it.
struct Anchor {
    std::int64_t height = 0;
    BlockHeader header;
    Uint256 work;
    friend bool operator==(const Anchor&, const Anchor&) = default;
};
[[nodiscard]] Anchor genesis_anchor(const Network& network);

struct Accepted {
    enum class Status {
        Added,
        Known,   // was here before
        Orphan,  // held until its parent comes
    } status = Status::Added;
    Index index = kNoIndex;  // not for an orphan
    bool new_tip = false;
    std::optional<event::Reorganisation> reorganisation{};  // the tip moved to another branch
    std::optional<RuleViolation> bad_orphan{};              // of one that waited for this header
};
using Acceptance = tl::expected<Accepted, RuleViolation>;

class ChainTracker {
 public:
    static constexpr std::size_t kMaxOrphans = 4096;
    static constexpr std::size_t kMaxBad = 16384;  // hashes of bad blocks remembered

    explicit ChainTracker(const Network& network, std::size_t max_orphans = kMaxOrphans);
    ChainTracker(const Network& network, const Anchor& anchor, std::size_t max_orphans = kMaxOrphans);

    // Checks the header and links it, and orphans that waited for it. now: seconds since 1970. Headers added
    // by one call get consecutive indices, so [size before, size after) is what is new.
    Acceptance accept(const BlockHeader& header, std::int64_t now);
    Acceptance accept(const BlockHeader& header, const Hash256& hash,
                      std::int64_t now);  // hash: header.hash()

    // The block itself turned out bad, by rules that a header does not show: it and all that follows it are
    // out, for good. Returns how the tip moved, if it did. Not for the anchor.
    std::optional<event::Reorganisation> invalidate(const Hash256& hash);

    // For peers: the work of the tip less 144 blocks of its kind. A branch that ends with less is not worth
    // storing (low-work), so a flood of cheap headers costs no memory.
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
    [[nodiscard]] const Uint256& work(Index i) const { return pool_[i].work; }
    [[nodiscard]] bool on_best_chain(Index i) const { return at_height(height(i)) == i; }
    [[nodiscard]] Index fork_point(Index a, Index b) const;  // the last block that both descend from
    [[nodiscard]] Index ancestor(Index i, std::int64_t height) const;  // anchor height <= height <= height(i)

    // For the block after header i; nothing where it depends on blocks before the anchor.
    [[nodiscard]] std::optional<std::uint32_t> next_bits(Index i, std::uint32_t time) const;
    [[nodiscard]] std::optional<std::uint32_t> median_time_past(Index i) const;
    [[nodiscard]] std::optional<std::uint32_t> earliest_time(Index i) const;

    [[nodiscard]] std::vector<Index> branch_tips()
        const;  // ends of branches other than the best, none of them invalid
    [[nodiscard]] std::size_t orphans() const { return orphans_.size(); }
    [[nodiscard]] std::size_t memory() const;  // bytes in headers and their index

    // Hashes from header i back to the anchor, ever sparser: 10 in a row, then doubling steps (getheaders).
    [[nodiscard]] std::vector<Hash256> locator(Index i) const;
    // The first block of the best chain after the newest locator hash that is on it; after the anchor where
    // none is.
    [[nodiscard]] std::int64_t height_after(std::span<const Hash256> locator) const;

 private:
    Acceptance link(const BlockHeader& header, const Hash256& hash, std::int64_t now);
    Acceptance hold(const BlockHeader& header, const Hash256& hash, const Uint256& target);
    Index add(const BlockHeader& header, const Hash256& hash, Index parent);
    std::optional<event::Reorganisation> move_tip(Index to);
    const Uint256& block_work(std::uint32_t bits);

    const Network* network_;
    Anchor anchor_;
    HeaderPool pool_;
    std::vector<Index> best_;  // the best chain, from the anchor to the tip
    OrphanPool orphans_;
    RecentHashes bad_;
    struct {
        std::uint32_t bits = 0;
        Uint256 work;
    } work_cache_[2];  // nBits change seldom; on testnets between two values
};

// A header of the tracker and those before it, as the rules want them. Valid until the tracker changes.
class TrackedAncestors final : public Ancestors {
 public:
    TrackedAncestors(const ChainTracker& tracker, Index last)
        : tracker_(tracker), last_(last), cursor_(last) {}
    [[nodiscard]] std::int64_t height() const override { return tracker_.height(last_); }
    [[nodiscard]] std::optional<Block> at(std::int64_t height) const override;

 private:
    const ChainTracker& tracker_;
    Index last_;
    mutable Index cursor_;  // callers mostly go down a block at a time
};

}  // namespace lode::chain
