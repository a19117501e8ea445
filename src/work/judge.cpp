#include "work/judge.h"

#include <fmt/core.h>

#include "chain/target.h"
#include "work/coinbase.h"

namespace lode::work {

using chain::ChainTracker;
using chain::Index;
namespace {

// Block races are only a few blocks deep. A job on an unknown block this far below our tip is not a race.
constexpr std::int64_t kRace = 6;

std::string blocks(std::int64_t n) {
    return n == 1 ? "1 block" : fmt::format("{} blocks", n);
}

Judgement judge_place(const ChainTracker& tracker, Index prev) {
    const Index tip = tracker.tip();
    const std::int64_t top = tracker.height(tip), height = tracker.height(prev);
    if (prev == tip) return {JobStatus::Tip, fmt::format("on the tip at height {}", top)};
    if (tracker.on_best_chain(prev))
        return {JobStatus::Behind, fmt::format("on height {}, {} behind the tip {} at {}", height,
                                               blocks(top - height), tracker.hash(tip).hex(), top)};
    const Index fork = tracker.fork_point(prev, tip);
    return {
        JobStatus::Fork,
        fmt::format("on a branch that left the best chain at height {}, {} long against {}",
                    tracker.height(fork), blocks(height - tracker.height(fork)), top - tracker.height(fork))};
}

Judgement judge_unknown(const ChainTracker& tracker, const Job& job, std::int64_t height, Asked asked) {
    const std::int64_t top = tracker.height(tracker.tip());
    const std::string on = "on " + job.prev.hex();
    if (height >= 0 && height + kRace <= top)
        return {
            JobStatus::UnknownChain,
            fmt::format("{}, said to be at height {}; our chain has another block there", on, height - 1)};
    if (asked == Asked::PeersLackIt)
        return {JobStatus::UnknownChain,
                fmt::format("{}, which no peer has either; our tip is at height {}", on, top)};
    const std::string lead =
        height > top + 1 ? blocks(height - 1 - top) + " ahead of our tip" : "which is not among our headers";
    return {JobStatus::Ahead, fmt::format("{}, {} at height {}{}", on, lead, top,
                                          asked == Asked::NoPeers ? "; no peer to ask" : "")};
}

}  // namespace

std::string_view name_of(JobStatus status) {
    switch (status) {
        case JobStatus::Tip:
            return "tip";
        case JobStatus::Behind:
            return "behind";
        case JobStatus::Ahead:
            return "ahead";
        case JobStatus::Fork:
            return "fork";
        case JobStatus::UnknownChain:
            return "unknown-chain";
        case JobStatus::WrongBits:
            return "wrong-bits";
        case JobStatus::BadTime:
            return "bad-time";
    }
    return "";
}

Judgement judge(const ChainTracker& tracker, const Job& job, std::int64_t now, Asked asked) {
    const auto prev = tracker.find(job.prev);
    const auto target = chain::target_of(job.bits),
               limit = chain::target_of(tracker.network().pow_limit_bits);
    if (!target || *target > *limit)
        return {JobStatus::WrongBits, fmt::format("nBits {:08x} (expected: at most {:08x})", job.bits,
                                                  tracker.network().pow_limit_bits)};
    if (prev)
        if (const auto bits = tracker.next_bits(*prev, job.time); bits && *bits != job.bits)
            return {JobStatus::WrongBits, fmt::format("nBits {:08x} at height {} (expected: {:08x})",
                                                      job.bits, tracker.height(*prev) + 1, *bits)};
    if (job.time > now + chain::kFutureLimit)
        return {JobStatus::BadTime, fmt::format("nTime {} is {} s ahead of our clock (expected: at most {})",
                                                job.time, job.time - now, chain::kFutureLimit)};
    if (prev)
        if (const auto earliest = tracker.earliest_time(*prev); earliest && job.time < *earliest)
            return {JobStatus::BadTime,
                    fmt::format("nTime {} (expected: at least {}, after the median of the last {})", job.time,
                                *earliest, chain::kMedianSpan)};
    if (prev) return judge_place(tracker, *prev);
    const std::int64_t height = job.height >= 0 ? job.height : coinbase_height(job.coinbase1).value_or(-1);
    return judge_unknown(tracker, job, height, asked);
}

}  // namespace lode::work
