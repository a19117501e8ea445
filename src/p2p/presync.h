// A long branch is downloaded twice: first only its work is summed, then it is stored. So a flood of low-work
// headers uses no memory and no disk space. The idea is that of Bitcoin Core's headerssync; instead of Core's
// commitments to random bits of some headers, this keeps the last hash of each message (32 bytes for 2000
// headers), so the second download is verified with certainty.
#pragma once

#include <span>
#include <vector>

#include "p2p/chain.h"

namespace lode::p2p {

// The place of the last of these headers (at least one), which follow a block at `start`, with the work that
// their nBits claim.
Chain::Place after(Chain::Place start, std::span<const BlockHeader> headers);

class Presync {
 public:
    enum class State {
        Counting,  // request what follows next()
        Enough,    // enough work: the second pass begins, request what follows next()
        Weak,      // the branch ended below the threshold
        TooLong,   // longer than any honest chain
        BadBits,   // a change of nBits that the rules never permit
    };
    // start: the known header from which the branch forks, and its place in the chain. The network must
    // outlive this.
    Presync(const chain::Network& network, const Hash256& start, const Chain::Place& place)
        : network_(&network), start_(start), next_(start), start_place_(place), place_(place) {}

    // First pass. A message's headers, linked to next(), each with valid proof of work. Their total is real
    // work even if they are invalid otherwise; the bounds on changes of nBits keep an attacker from relying
    // on one lucky header of very high difficulty.
    State count(std::span<const BlockHeader> headers, const Hash256& end, const Uint256& threshold);
    // Second pass: whether a message contains the header with which it ended in the first. (The last message
    // may have grown since.)
    [[nodiscard]] bool confirm(std::span<const BlockHeader> headers, std::span<const Hash256> hashes);

    [[nodiscard]] bool second_round() const { return enough_; }
    [[nodiscard]] bool done() const { return enough_ && confirmed_ == ends_.size(); }
    [[nodiscard]] const Hash256& next() const {
        return next_;
    }  // the parent of the next message's first header
    [[nodiscard]] const Chain::Place& place() const { return place_; }  // of next()

 private:
    [[nodiscard]] bool permitted(std::span<const BlockHeader> headers) const;

    // At most 10 million headers, 190 years of mainnet: 160 kB.
    static constexpr std::size_t kMaxMessages = 5000;

    const chain::Network* network_;
    Hash256 start_, next_;
    Chain::Place start_place_, place_;  // of start_ and next_
    std::vector<Hash256> ends_;         // last hash of each message
    std::size_t confirmed_ = 0;
    bool enough_ = false;
};

}  // namespace lode::p2p
