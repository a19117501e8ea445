// The chain that sessions see, on a ChainTracker: headers only. After each change `keep` puts it on
// disk, and then `moved` is told where the tip went.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "chain/p2p/chain.h"
#include "chain/tracker.h"

namespace lode::p2p {

struct TipMove {
    Hash256 from, to;
    std::optional<event::Reorganisation> reorganisation;
};

class TrackedChain : public Chain {
 public:
    // Puts what is new in the tracker on disk.
    using Keep = std::function<std::optional<Error>()>;
    using Moved = std::function<void(const TipMove&)>;

    // The tracker outlives the chain.
    TrackedChain(chain::ChainTracker& tracker, Keep keep, Moved moved)
        : tracker_(tracker), keep_(std::move(keep)), moved_(std::move(moved)) {}

    [[nodiscard]] std::optional<Place> find(const Hash256& hash) const override;
    [[nodiscard]] Place tip() const override;
    [[nodiscard]] Uint256 least_work() const override { return tracker_.low_work_limit(); }
    [[nodiscard]] std::vector<Hash256> locator() const override;
    [[nodiscard]] std::vector<BlockHeader> after(std::span<const Hash256> locator, const Hash256& stop,
                                                 std::size_t max) const override;
    // What cannot be put on disk is no fault of the peer, and is followed in memory.
    Answer add_headers(std::span<const BlockHeader> headers, std::int64_t unix_time) override;
    // Why not all is on disk; nothing when it is.
    [[nodiscard]] const std::optional<Error>& trouble() const { return trouble_; }

    // Best-chain headers that follow the fork between the two tips, oldest first, at most max and then the
    // newest.
    [[nodiscard]] std::vector<BlockHeader> connected(const TipMove& move, std::size_t max) const;

 protected:
    [[nodiscard]] chain::ChainTracker& tracker() { return tracker_; }
    [[nodiscard]] const chain::ChainTracker& tracker() const { return tracker_; }
    void tell(const TipMove& move) {
        if (moved_) moved_(move);
    }
    Answer failed(Error trouble) {
        trouble_ = std::move(trouble);
        return {Status::Failed, trouble_->text()};
    }

 private:
    chain::ChainTracker& tracker_;
    Keep keep_;
    Moved moved_;
    std::optional<Error> trouble_;
};

// What a refused header means for the peer that sent it.
Chain::Answer answer_of(const chain::RuleViolation& violation);

}  // namespace lode::p2p
