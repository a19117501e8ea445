// What the header tree thinks of a job: does it build where a block would count? Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "chain/tracker.h"
#include "lode/job.h"

namespace lode::chain {

enum class Verdict {
    Tip,           // on the tip with the most work
    Behind,        // on the best chain, but not on its tip
    Ahead,         // on a block that we do not have (yet)
    Fork,          // on a branch with less work
    UnknownChain,  // on a chain that neither we nor our peers have ever seen
    WrongBits,     // its nBits are not what its place demands
    BadTime,       // its nTime is not allowed: not after the median time past, or over two hours ahead
};

struct Judgement {
    Verdict verdict = Verdict::Tip;
    std::string detail;  // for a person, with the numbers
    friend bool operator==(const Judgement&, const Judgement&) = default;
};

[[nodiscard]] std::string_view name_of(Verdict verdict);  // "tip", "wrong-bits": as in event::Judgement
// Time or peers may yet change it: blocks reach us and a pool in any order.
[[nodiscard]] inline bool passing(Verdict v) {
    return v == Verdict::Behind || v == Verdict::Ahead;
}

enum class Asked {
    NotYet,  // the block below the job may still be on its way to us
    Nobody,  // there was time for it to come, but there are no peers to ask
    InVain,  // peers that have told us all they have do not have it
};

// now: seconds since 1970.
[[nodiscard]] Judgement judge(const ChainTracker& tracker, const Job& job, std::int64_t now, Asked asked);

// The height that a coinbase states (BIP 34), from its bytes up to the extranonces.
[[nodiscard]] std::optional<std::int64_t> coinbase_height(std::span<const std::uint8_t> coinbase1);

}  // namespace lode::chain
