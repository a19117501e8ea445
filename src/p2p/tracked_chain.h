// A Chain on a ChainTracker: headers only. After each change its file is written, then `moved` is called with
// the change of the tip; the file is synced on the disk thread meanwhile.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "chain/tracker.h"
#include "net/disk_thread.h"
#include "p2p/chain.h"

namespace lode::p2p {

struct TipMove {
    Hash256 from, to;
    std::optional<chain::Reorganisation> reorganisation;
};

class TrackedChain : public Chain {
 public:
    // The file of the chain. After an Error from write() the next write tries again; one from sync() is
    // permanent, as what is on disk is unknown then.
    struct Storage {
        std::function<std::optional<Error>()> write;  // what is new in the tracker
        std::function<std::optional<Error>()> sync;   // what was written; called on the disk thread
    };
    using Moved = std::function<void(const TipMove&)>;

    // The tracker must outlive the chain.
    TrackedChain(chain::ChainTracker& tracker, Storage storage, Moved moved)
        : tracker_(tracker), storage_(std::move(storage)), moved_(std::move(moved)) {}

    // Syncs on this thread from now on, instead of the caller's. It must outlive the chain.
    void sync_on(net::DiskThread& thread) {
        disk_sync_.emplace(thread, [this] { return storage_.sync; });
    }
    // Requires sync_on(). Calls back, never from inside the call, when everything added before is on disk, or
    // with an error; not after the chain is destroyed.
    void when_synced(net::DiskSync::Done done);

    [[nodiscard]] const chain::Network& network() const override { return tracker_.network(); }
    [[nodiscard]] std::optional<Place> find(const Hash256& hash) const override;
    [[nodiscard]] Place tip() const override;
    [[nodiscard]] Uint256 least_work() const override { return tracker_.low_work_limit(); }
    [[nodiscard]] std::vector<Hash256> locator() const override;
    [[nodiscard]] std::vector<BlockHeader> after(std::span<const Hash256> locator, const Hash256& stop,
                                                 std::size_t max) const override;
    // A header that cannot be stored is not the peer's fault, and is followed in memory.
    Answer add_headers(std::span<const BlockHeader> headers, std::span<const Hash256> hashes,
                       std::int64_t unix_time) override;
    // The current write or sync error, if any.
    [[nodiscard]] const std::optional<Error>& storage_error() const {
        return sync_error_ ? sync_error_ : write_error_;
    }

    // Best-chain headers after the fork of the two tips, oldest first; if more than max, the newest max.
    [[nodiscard]] std::vector<BlockHeader> connected(const TipMove& move, std::size_t max) const;

 protected:
    [[nodiscard]] chain::ChainTracker& tracker() { return tracker_; }
    [[nodiscard]] const chain::ChainTracker& tracker() const { return tracker_; }
    void notify(const TipMove& move) {
        if (moved_) moved_(move);
    }
    Answer failed(Error error) {
        write_error_ = std::move(error);
        return {Status::Failed, write_error_->text()};
    }
    // For the destructor of the chain that owns the file: waits for a sync in progress.
    void end_sync() { disk_sync_.reset(); }

 private:
    [[nodiscard]] Place place(chain::Index i) const;
    void keep();

    chain::ChainTracker& tracker_;
    Storage storage_;
    Moved moved_;
    std::optional<Error> write_error_, sync_error_;
    std::optional<net::DiskSync> disk_sync_;
};

// The status of a rejected header for the peer that sent it.
Chain::Answer answer_of(const chain::RuleViolation& violation);

}  // namespace lode::p2p
