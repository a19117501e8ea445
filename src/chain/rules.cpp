#include "chain/rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "chain/target.h"

namespace lode::chain {
namespace {

std::string bits_text(std::uint32_t bits) {
    return fmt::format("{:08x}", bits);
}

// Within a period on a network with the 20-minute rule: the bits of the last block that did not use it, or of
// the period's first block. In a valid chain both are the same, so the long walk is only needed if the
// period's first block is not known.
std::optional<std::uint32_t> walk_back(const Network& network, const Ancestors& ancestors) {
    const std::int64_t newest = ancestors.height();
    for (std::int64_t height = newest;; --height) {
        const auto block = ancestors.at(height);
        if (!block) return std::nullopt;
        if (starts_period(network, height) || block->bits != network.pow_limit_bits) return block->bits;
        if (height < newest) continue;
        if (const auto first = ancestors.at(newest - newest % network.period)) return first->bits;
    }
}

// The hardest and easiest nBits that a retarget from these nBits may give.
std::pair<std::uint32_t, std::uint32_t> retarget_bounds(const Network& network, std::uint32_t bits) {
    const auto longest = static_cast<std::uint32_t>(network.max_retarget_factor * network.timespan());
    return {retarget(network, 0, 0, bits), retarget(network, 0, longest, bits)};
}

// The period's first block is before the checkpoint, so only the bounds of the new target can be checked.
// That is less exact but safe, since chains are compared by work.
std::optional<RuleViolation> check_bounds(const Network& network, const Ancestors& ancestors,
                                          const BlockHeader& header) {
    const auto last = ancestors.at(ancestors.height());
    if (!last || permitted_change(network, ancestors.height() + 1, last->bits, header.bits))
        return std::nullopt;
    const auto [hardest, easiest] = retarget_bounds(network, last->bits);
    return RuleViolation{rule::kBadBits,
                         bits_text(header.bits),
                         fmt::format("{} to {}", bits_text(hardest), bits_text(easiest)),
                         -1,
                         {}};
}

// Whether six of the last eleven blocks are before this time, and so is their median (with fewer blocks too).
// Usually the newest six are, so no more are looked up.
bool most_are_before(const Ancestors& ancestors, std::uint32_t time) {
    constexpr int kMost = kMedianSpan / 2 + 1;
    int before = 0;
    for (std::int64_t i = 0; i < kMedianSpan && i <= ancestors.height() && before < kMost; ++i) {
        const auto block = ancestors.at(ancestors.height() - i);
        if (!block) return false;
        if (block->time < time) ++before;
    }
    return before == kMost;
}

}  // namespace

Error RuleViolation::error() const {
    Error e{ErrorKind::Malformed, fmt::format("{}: {}", rule, found), {}, expected};
    if (height >= 0) e.where = fmt::format("height {}, ", height);
    e.where += hash.hex();
    return e;
}

bool starts_period(const Network& network, std::int64_t height) {
    return height % network.period == 0;
}

std::uint32_t retarget(const Network& network, std::uint32_t first_time, std::uint32_t last_time,
                       std::uint32_t base_bits) {
    const auto base = target_of(base_bits);
    if (network.no_retarget || !base) return base_bits;
    const std::int64_t span = network.timespan();
    const auto actual = static_cast<std::uint64_t>(
        std::clamp(std::int64_t{last_time} - std::int64_t{first_time}, span / network.max_retarget_factor,
                   span * network.max_retarget_factor));
    const Uint256 limit = *target_of(network.pow_limit_bits);
    // base * actual / span without the 257th bit: base = quotient * span + rest.
    const Uint256 divisor(static_cast<std::uint64_t>(span));
    const Uint256 quotient = *base / divisor;
    const Uint256 rest = *base - quotient * divisor.low64();
    if (quotient.bits() + Uint256(actual).bits() > 256) return network.pow_limit_bits;
    const Uint256 target = quotient * actual + rest * actual / divisor;
    return compact_of(std::min(target, limit));
}

bool permitted_change(const Network& network, std::int64_t height, std::uint32_t old_bits,
                      std::uint32_t new_bits) {
    if (network.min_difficulty_after > 0) return true;
    if (!starts_period(network, height)) return new_bits == old_bits;
    const auto target = target_of(new_bits);
    const auto [hardest, easiest] = retarget_bounds(network, old_bits);
    return target && *target >= target_of(hardest) && *target <= target_of(easiest);
}

std::optional<std::uint32_t> required_bits(const Network& network, const Ancestors& ancestors,
                                           std::uint32_t time) {
    const std::int64_t height = ancestors.height();
    const auto last = ancestors.at(height);
    if (!last) return std::nullopt;
    if (network.no_retarget) return last->bits;  // all are the same, so the 20-minute rule has no effect
    if (starts_period(network, height + 1)) {
        const auto first = ancestors.at(height + 1 - network.period);
        if (!first) return std::nullopt;
        return retarget(network, first->time, last->time, network.bip94 ? first->bits : last->bits);
    }
    if (network.min_difficulty_after == 0) return last->bits;
    if (std::int64_t{time} > std::int64_t{last->time} + std::int64_t{network.min_difficulty_after})
        return network.pow_limit_bits;
    return walk_back(network, ancestors);
}

std::optional<std::uint32_t> median_time_past(const Ancestors& ancestors) {
    std::array<std::uint32_t, kMedianSpan> times{};
    std::ptrdiff_t count = 0;
    for (std::int64_t height = ancestors.height(); height >= 0 && count < kMedianSpan; --height) {
        const auto block = ancestors.at(height);
        if (!block) return std::nullopt;
        times[static_cast<std::size_t>(count++)] = block->time;
    }
    const auto middle = times.begin() + count / 2;
    std::nth_element(times.begin(), middle, times.begin() + count);
    return *middle;
}

std::optional<std::uint32_t> earliest_time(const Network& network, const Ancestors& ancestors) {
    const auto median = median_time_past(ancestors);
    if (!median) return std::nullopt;
    std::uint32_t earliest = *median + 1;
    if (!network.bip94 || !starts_period(network, ancestors.height() + 1)) return earliest;
    const auto last = ancestors.at(ancestors.height());
    if (last && last->time > kTimewarpGrace) earliest = std::max(earliest, last->time - kTimewarpGrace);
    return earliest;
}

tl::expected<Uint256, RuleViolation> check_target(const Network& network, const BlockHeader& header) {
    auto target = parse_bits(header.bits);
    if (!target)
        return tl::unexpected(
            RuleViolation{rule::kBadTarget, target.error().what, target.error().expected, -1, {}});
    if (*target <= *target_of(network.pow_limit_bits)) return *target;
    return tl::unexpected(RuleViolation{rule::kBadTarget,
                                        "nBits " + bits_text(header.bits),
                                        "at most " + bits_text(network.pow_limit_bits),
                                        -1,
                                        {}});
}

std::optional<RuleViolation> check_hash(const Hash256& hash, const Uint256& target) {
    if (hash.number() <= target) return std::nullopt;
    return RuleViolation{rule::kHighHash, "hash " + hash.hex(), "at most " + target.to_hex(), -1, hash};
}

std::optional<RuleViolation> check_proof_of_work(const Network& network, const BlockHeader& header,
                                                 const Hash256& hash) {
    auto target = check_target(network, header);
    if (target) return check_hash(hash, *target);
    target.error().hash = hash;
    return target.error();
}

std::optional<RuleViolation> check_bits(const Network& network, const Ancestors& ancestors,
                                        const BlockHeader& header) {
    const auto required = required_bits(network, ancestors, header.time);
    if (!required) return check_bounds(network, ancestors, header);
    if (*required == header.bits) return std::nullopt;
    return RuleViolation{rule::kBadBits, "nBits " + bits_text(header.bits), bits_text(*required), -1, {}};
}

std::optional<RuleViolation> check_time(const Network& network, const Ancestors& ancestors,
                                        const BlockHeader& header) {
    const auto median = most_are_before(ancestors, header.time) ? std::nullopt : median_time_past(ancestors);
    if (median && header.time <= *median)
        return RuleViolation{rule::kTimeTooOld,
                             fmt::format("time {}", header.time),
                             fmt::format("after the median of the last 11, {}", *median),
                             -1,
                             {}};
    if (!network.bip94 || !starts_period(network, ancestors.height() + 1)) return std::nullopt;
    const auto last = ancestors.at(ancestors.height());
    if (!last || std::int64_t{header.time} >= std::int64_t{last->time} - kTimewarpGrace) return std::nullopt;
    return RuleViolation{
        rule::kTimewarp,
        fmt::format("time {}", header.time),
        fmt::format("at least {}, 600 s before the previous block", last->time - kTimewarpGrace),
        -1,
        {}};
}

std::optional<RuleViolation> check_future(const BlockHeader& header, std::int64_t now) {
    if (header.time <= now + kFutureLimit) return std::nullopt;
    return RuleViolation{rule::kTimeTooNew,
                         fmt::format("time {}", header.time),
                         fmt::format("at most {}, two hours from now", now + kFutureLimit),
                         -1,
                         {}};
}

std::optional<RuleViolation> check_version(const Network& network, std::int64_t height,
                                           const BlockHeader& header) {
    const auto version = static_cast<std::int32_t>(header.version);
    for (const VersionRule& r : network.version_rules) {
        if (height < r.height || version >= r.version) continue;
        return RuleViolation{rule::kBadVersion,
                             fmt::format("version {} ({:08x})", version, header.version),
                             fmt::format("at least {} since height {} ({})", r.version, r.height, r.name),
                             -1,
                             {}};
    }
    return std::nullopt;
}

std::optional<RuleViolation> check_in_place(const Network& network, const Ancestors& ancestors,
                                            const BlockHeader& header, std::int64_t now) {
    auto violation = check_bits(network, ancestors, header);
    if (!violation) violation = check_time(network, ancestors, header);
    if (!violation) violation = check_future(header, now);
    if (!violation) violation = check_version(network, ancestors.height() + 1, header);
    if (violation) violation->height = ancestors.height() + 1;
    return violation;
}

}  // namespace lode::chain
