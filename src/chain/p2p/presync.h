// A long branch is first only counted, then asked for again and stored: so a flood of headers that took
// little work to make costs no memory and no disk. The idea is that of Bitcoin Core's headerssync; where Core
// commits to a random bit of every few hundredth header, this keeps the last hash of each message (32 bytes
// for 2000 headers), which leaves nothing to chance.
#pragma once

#include <span>
#include <vector>

#include "chain/p2p/messages.h"
#include "lode/uint256.h"

namespace lode::p2p {

// Of these headers alone, as their nBits claim it.
Uint256 work_of(std::span<const BlockHeader> headers);

class Presync {
 public:
    enum class State {
        Counting,  // ask for what follows next()
        Enough,    // worth storing: the second round begins, ask for what follows next()
        Weak,      // the branch ended below the threshold
        TooLong,   // nobody's honest chain
    };
    // start: the known header that the branch leaves from, with its total work.
    Presync(const Hash256& start, const Uint256& work)
        : start_(start), next_(start), start_work_(work), work_(work) {}

    // First round. A message's headers, linked to next() and each with the proof of work that its nBits
    // claim. Their sum is real work whatever else is wrong with them, so nothing more need be checked here.
    State count(std::span<const BlockHeader> headers, const Hash256& end, const Uint256& threshold);
    // Second round: whether a message holds the header with which it ended the first time. (The last one may
    // have grown since.)
    [[nodiscard]] bool confirm(std::span<const BlockHeader> headers, std::span<const Hash256> hashes);

    [[nodiscard]] bool second_round() const { return enough_; }
    [[nodiscard]] bool done() const { return enough_ && confirmed_ == ends_.size(); }
    [[nodiscard]] const Hash256& next() const { return next_; }  // what the next message must follow
    [[nodiscard]] const Uint256& work() const { return work_; }  // total, up to next()

 private:
    // 10 million headers, 190 years of mainnet: 160 kB.
    static constexpr std::size_t kMaxMessages = 5000;

    Hash256 start_, next_;
    Uint256 start_work_, work_;
    std::vector<Hash256> ends_;  // last hash of each message
    std::size_t confirmed_ = 0;
    bool enough_ = false;
};

}  // namespace lode::p2p
