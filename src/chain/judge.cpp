#include "chain/judge.h"

#include <fmt/core.h>

#include "chain/target.h"

namespace lode::chain {
namespace {

// Races between blocks go a few deep at most. A job on an unknown block this far below our tip is no race.
constexpr std::int64_t kRace = 6;

std::string blocks(std::int64_t n) {
    return n == 1 ? "1 block" : fmt::format("{} blocks", n);
}

Judgement judge_place(const ChainTracker& tracker, Index prev) {
    const Index tip = tracker.tip();
    const std::int64_t top = tracker.height(tip), height = tracker.height(prev);
    if (prev == tip) return {Verdict::Tip, fmt::format("on the tip at height {}", top)};
    if (tracker.on_best_chain(prev))
        return {Verdict::Behind, fmt::format("on height {}, {} behind the tip {} at {}", height,
                                             blocks(top - height), tracker.hash(tip).hex(), top)};
    const Index fork = tracker.fork_point(prev, tip);
    return {
        Verdict::Fork,
        fmt::format("on a branch that left the best chain at height {}, {} long against {}",
                    tracker.height(fork), blocks(height - tracker.height(fork)), top - tracker.height(fork))};
}

Judgement judge_unknown(const ChainTracker& tracker, const Job& job, std::int64_t height, Asked asked) {
    const std::int64_t top = tracker.height(tracker.tip());
    const std::string on = "on " + job.prev.hex();
    if (height >= 0 && height + kRace <= top)
        return {
            Verdict::UnknownChain,
            fmt::format("{}, said to be at height {}; our chain has another block there", on, height - 1)};
    if (asked == Asked::InVain)
        return {Verdict::UnknownChain,
                fmt::format("{}, which no peer has either; our tip is at height {}", on, top)};
    const std::string lead =
        height > top + 1 ? blocks(height - 1 - top) + " ahead of our tip" : "which is not among our headers";
    return {Verdict::Ahead, fmt::format("{}, {} at height {}{}", on, lead, top,
                                        asked == Asked::Nobody ? "; no peer to ask" : "")};
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Tip:
            return "tip";
        case Verdict::Behind:
            return "behind";
        case Verdict::Ahead:
            return "ahead";
        case Verdict::Fork:
            return "fork";
        case Verdict::UnknownChain:
            return "unknown-chain";
        case Verdict::WrongBits:
            return "wrong-bits";
        case Verdict::BadTime:
            return "bad-time";
    }
    return "";
}

Judgement judge(const ChainTracker& tracker, const Job& job, std::int64_t now, Asked asked) {
    const auto prev = tracker.find(job.prev);
    const auto target = target_of(job.bits), limit = target_of(tracker.network().pow_limit_bits);
    if (!target || *target > *limit)
        return {Verdict::WrongBits, fmt::format("nBits {:08x} (expected: at most {:08x})", job.bits,
                                                tracker.network().pow_limit_bits)};
    if (prev)
        if (const auto bits = tracker.next_bits(*prev, job.time); bits && *bits != job.bits)
            return {Verdict::WrongBits, fmt::format("nBits {:08x} at height {} (expected: {:08x})", job.bits,
                                                    tracker.height(*prev) + 1, *bits)};
    if (job.time > now + kFutureLimit)
        return {Verdict::BadTime, fmt::format("nTime {} is {} s ahead of our clock (expected: at most {})",
                                              job.time, job.time - now, kFutureLimit)};
    if (prev)
        if (const auto earliest = tracker.earliest_time(*prev); earliest && job.time < *earliest)
            return {Verdict::BadTime,
                    fmt::format("nTime {} (expected: at least {}, after the median of the last {})", job.time,
                                *earliest, kMedianSpan)};
    if (prev) return judge_place(tracker, *prev);
    const std::int64_t height = job.height >= 0 ? job.height : coinbase_height(job.coinbase1).value_or(-1);
    return judge_unknown(tracker, job, height, asked);
}

std::optional<std::int64_t> coinbase_height(std::span<const std::uint8_t> coinbase1) {
    constexpr std::size_t kScript =
        4 + 1 + 36;  // version, input count, the null outpoint; then the script's size
    if (coinbase1.size() < kScript + 2 || coinbase1[kScript] < 1) return std::nullopt;
    const auto script = coinbase1.subspan(kScript + 1);
    const std::uint8_t first = script[0];
    if (first >= 0x51 && first <= 0x60) return first - 0x50;  // OP_1 to OP_16
    if (first < 1 || first > 4 || script.size() < 1u + first) return std::nullopt;
    std::int64_t height = 0;
    for (std::size_t i = first; i > 0; --i) height = height << 8 | script[i];
    if ((script[first] & 0x80) != 0) return std::nullopt;  // negative
    return height;
}

}  // namespace lode::chain
