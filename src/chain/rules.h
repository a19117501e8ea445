// Consensus rules for headers, as pure functions: no clock, no storage. Sources: Bitcoin Core's pow.cpp
// and validation.cpp (ContextualCheckBlockHeader), BIP 34, 65, 66 (versions), BIP 94, BIP 113 (median time
// past).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "chain/network.h"
#include "lode/error.h"
#include "lode/header.h"

namespace lode::chain {

inline constexpr std::int64_t kFutureLimit = 2 * 60 * 60;        // seconds ahead of our clock
inline constexpr std::int64_t kAnyTime = std::int64_t{1} << 40;  // a time at which no header is too new
inline constexpr int kMedianSpan = 11;                           // blocks
inline constexpr std::uint32_t kTimewarpGrace = 600;             // BIP 94, seconds

// Bitcoin Core's names for the rules, where it has one.
namespace rule {
// nBits negative, zero, overflowing, above the limit
inline constexpr std::string_view kBadTarget = "bad-target";
inline constexpr std::string_view kHighHash = "high-hash";    // no proof of work
inline constexpr std::string_view kBadBits = "bad-diffbits";  // nBits are not those required
inline constexpr std::string_view kTimeTooOld = "time-too-old";
inline constexpr std::string_view kTimeTooNew = "time-too-new";
inline constexpr std::string_view kTimewarp = "time-timewarp-attack";
inline constexpr std::string_view kBadVersion = "bad-version";
inline constexpr std::string_view kBadParent = "bad-prevblk";       // descends from an invalid block
inline constexpr std::string_view kKnownBad = "duplicate-invalid";  // known to be invalid
inline constexpr std::string_view kNoParent = "prev-blk-not-found";
}  // namespace rule

// Why a header is rejected.
struct RuleViolation {
    std::string_view rule;  // one of the names above
    std::string found, expected;
    std::int64_t height = -1;  // -1: not known
    Hash256 hash;

    // Malformed: "height 5, 0000…: bad-diffbits: 1d00fffe (expected: 1d00ffff)"
    [[nodiscard]] Error error() const;
};

// Access to the parent of a new header and the blocks before it.
class Ancestors {
 public:
    struct Block {
        std::uint32_t time = 0, bits = 0;
    };
    virtual ~Ancestors() = default;
    [[nodiscard]] virtual std::int64_t height() const = 0;  // of the new header's parent
    // height: 0 to height(). nullopt if unknown: before a checkpoint.
    [[nodiscard]] virtual std::optional<Block> at(std::int64_t height) const = 0;
};

// Whether a block of this height begins a period, with a retarget.
[[nodiscard]] bool starts_period(const Network& network, std::int64_t height);

// The target after a period whose first and last block have these times: 2015 intervals on main, the
// off-by-one is consensus. base_bits: of the last block, under BIP 94 of the first.
[[nodiscard]] std::uint32_t retarget(const Network& network, std::uint32_t first_time,
                                     std::uint32_t last_time, std::uint32_t base_bits);

// Whether a block of this height may have new_bits if the one before it has old_bits, for any block times:
// for headers whose ancestors are not all known. As Bitcoin Core's PermittedDifficultyTransition, so
// everything is permitted on a network with the 20-minute rule.
[[nodiscard]] bool permitted_change(const Network& network, std::int64_t height, std::uint32_t old_bits,
                                    std::uint32_t new_bits);

// Required nBits of a block after these ancestors with this time (which matters on testnets only). nullopt if
// they depend on blocks before a checkpoint.
[[nodiscard]] std::optional<std::uint32_t> required_bits(const Network& network, const Ancestors& ancestors,
                                                         std::uint32_t time);

// Median of the last 11 times, of fewer near genesis. nullopt just after a checkpoint.
[[nodiscard]] std::optional<std::uint32_t> median_time_past(const Ancestors& ancestors);

// The smallest time that a block after these ancestors may have. A miner uses max(this, its clock); if this
// is ahead of its clock (more than about six blocks per second), it should wait rather than let header time
// run ahead, since the retarget would then make the chain too difficult.
[[nodiscard]] std::optional<std::uint32_t> earliest_time(const Network& network, const Ancestors& ancestors);

// Each returns nullopt if the rule is met, or if the ancestors that it needs are not known.
[[nodiscard]] tl::expected<Uint256, RuleViolation> check_target(const Network& network,
                                                                const BlockHeader& header);
[[nodiscard]] std::optional<RuleViolation> check_hash(const Hash256& hash, const Uint256& target);
// Both of these.
[[nodiscard]] std::optional<RuleViolation> check_proof_of_work(const Network& network,
                                                               const BlockHeader& header,
                                                               const Hash256& hash);
[[nodiscard]] std::optional<RuleViolation> check_bits(const Network& network, const Ancestors& ancestors,
                                                      const BlockHeader& header);
[[nodiscard]] std::optional<RuleViolation> check_time(const Network& network, const Ancestors& ancestors,
                                                      const BlockHeader& header);
[[nodiscard]] std::optional<RuleViolation> check_future(const BlockHeader& header, std::int64_t now);
[[nodiscard]] std::optional<RuleViolation> check_version(const Network& network, std::int64_t height,
                                                         const BlockHeader& header);
// All rules except proof of work, which needs no ancestors. now: seconds since 1970.
[[nodiscard]] std::optional<RuleViolation> check_in_place(const Network& network, const Ancestors& ancestors,
                                                          const BlockHeader& header, std::int64_t now);

}  // namespace lode::chain
