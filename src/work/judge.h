// Compares a job with the header tree: would its block extend the best chain? Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chain/tracker.h"
#include "lode/job.h"

namespace lode::work {

enum class JobStatus {
    Tip,           // on the tip with the most work
    Behind,        // on the best chain, but not on its tip
    Ahead,         // on a block that we do not have (yet)
    Fork,          // on a branch with less work
    UnknownChain,  // on a chain that neither we nor our peers know
    WrongBits,     // its nBits are not those required after its parent
    BadTime,       // its nTime is not allowed: not after the median time past, or over two hours ahead
};

struct Judgement {
    JobStatus status = JobStatus::Tip;
    std::string detail;  // human-readable, with the numbers
    friend bool operator==(const Judgement&, const Judgement&) = default;
};

[[nodiscard]] std::string_view name_of(JobStatus status);  // "tip", "wrong-bits": as in event::Judgement
// Whether it may still change: blocks reach us and a pool at different times.
[[nodiscard]] inline bool passing(JobStatus v) {
    return v == JobStatus::Behind || v == JobStatus::Ahead;
}

enum class Asked {
    NotYet,       // the job's parent may still be on its way to us
    NoPeers,      // it had time to arrive, but there are no peers to ask
    PeersLackIt,  // synced peers do not have it
};

// now: seconds since 1970.
[[nodiscard]] Judgement judge(const chain::ChainTracker& tracker, const Job& job, std::int64_t now,
                              Asked asked);

}  // namespace lode::work
