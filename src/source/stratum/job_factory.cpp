#include "source/stratum/job_factory.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "chain/target.h"
#include "work/coinbase.h"

namespace lode::source::stratum {
namespace {

// Below this every hash is a share: (0xffff << 208) * 2^32 is over 2^256.
constexpr double kMinDifficulty = 1.0 / 4294967296.0;
// Time is rolled only when nothing else is left, with an extranonce2 of few or no bytes. ckpool accepts 7000
// s, others less; a node two hours.
constexpr std::uint32_t kMaxTimeRoll = 600;

// If more than one hash in 2^20 is a hit, two versions with the same nonce will both be hits at times, and
// pools that compare only extranonce2, time and nonce refuse the second as a duplicate. At such targets the
// pool is the bottleneck, not the hash rate, so not rolling costs nothing.
constexpr unsigned kEasyTargetBits = 256 - 20;

}  // namespace

Result<Uint256> share_target(double difficulty) {
    if (difficulty > 0 && difficulty < kMinDifficulty)
        return fail(ErrorKind::Malformed, fmt::format("{}, so that every hash would be a share", difficulty),
                    "difficulty", "at least 2^-32");
    return chain::target_of_difficulty(difficulty);
}

Result<Job> draft_job(const Notify& notify, const Terms& terms) {
    auto block_target = chain::parse_bits(notify.bits);
    if (!block_target) return tl::unexpected(block_target.error().at("notify"));
    const auto target = share_target(terms.difficulty);
    if (!target) return tl::unexpected(target.error());
    if (terms.share_target_required) *block_target = std::min(*block_target, *target);
    Job job;
    job.id = notify.job_id;
    job.version = notify.version;
    const bool easy = std::max(*block_target, *target).bits() > kEasyTargetBits;
    job.version_mask = easy ? 0 : terms.version_mask;
    job.prev = notify.prev;
    job.time = notify.time;
    job.max_time_roll = kMaxTimeRoll;
    job.bits = notify.bits;
    job.coinbase1 = notify.coinbase1;
    job.extranonce1 = terms.extranonce.first;
    job.extranonce2_size = terms.extranonce.second_size;
    job.coinbase2 = notify.coinbase2;
    job.branch = notify.branch;
    job.block_target = *block_target;
    job.share_target = *target;
    job.difficulty = terms.difficulty;
    job.height = work::coinbase_height(notify.coinbase1).value_or(-1);
    job.clean = notify.clean;
    return job;
}

}  // namespace lode::source::stratum
