// Fetches whole blocks from a peer in chain order; each is added to our chain when it arrives.
#pragma once

#include <chrono>
#include <deque>
#include <span>

#include "p2p/session_context.h"

namespace lode::p2p {

class BlockFetch {
 public:
    enum class Progress {
        Waiting,   // for the peer; or the peer was dropped
        Complete,  // all requested blocks have arrived
        PutOff,    // a block's time is in the future: it and those after it are skipped for now
    };

    explicit BlockFetch(SessionContext& context) : context_(context) {}

    // Queues the hashes of linked blocks; the parent of the first is known or is newest(). end: the last
    // one's place in the chain. Then call request().
    void add(std::span<const Hash256> hashes, const Chain::Place& end);
    // Too many blocks are queued: the peer announces faster than it sends them.
    [[nodiscard]] bool full() const { return wanted_.size() > kMaxHeaders; }
    Progress request(Now now);
    Progress receive(const BlockData& block, Now now);
    void receive(const NotFound& m);
    void tick(Now now);

    [[nodiscard]] bool idle() const { return wanted_.empty() && in_flight_.empty(); }
    // The newest block queued, and its place in the chain.
    [[nodiscard]] const Hash256& newest() const { return newest_; }
    [[nodiscard]] const Chain::Place& newest_place() const { return newest_place_; }

 private:
    static constexpr std::size_t kMaxInFlight = 16;  // blocks, as Bitcoin Core

    SessionContext& context_;
    std::deque<Hash256> wanted_, in_flight_;
    Hash256 newest_;
    Chain::Place newest_place_;
    std::chrono::milliseconds waiting_since_{};  // for the first block in flight, on the steady clock
    bool put_off_ = false;
};

}  // namespace lode::p2p
