#include "source/stratum/job_factory.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "chain/target.h"
#include "work/roll.h"

namespace lode::source::stratum {
namespace {

// Below this every hash is a share: (0xffff << 208) * 2^32 is over 2^256.
constexpr double kMinDifficulty = 1.0 / 4294967296.0;
// Rolled forward only when nothing else is left, with extranonce2 of no or few bytes. ckpool takes 7000,
// others less; a node two hours.
constexpr std::uint32_t kMaxTimeRoll = 600;

// Where more than one hash in 2^20 is a hit, two versions of one nonce soon both are, and pools that compare
// only extranonce2, time and nonce refuse the second as a duplicate. There it is the pool that limits, not
// the hash rate: not rolling costs nothing.
constexpr unsigned kEasyTargetBits = 256 - 20;

bool same_headers(const Job& a, const Job& b) {
    return a.version == b.version && a.prev == b.prev && a.time == b.time && a.bits == b.bits &&
           a.extranonce2_size == b.extranonce2_size && a.extranonce1 == b.extranonce1 &&
           a.branch == b.branch && a.coinbase1 == b.coinbase1 && a.coinbase2 == b.coinbase2;
}

}  // namespace

std::int64_t coinbase_height(const std::vector<std::uint8_t>& coinbase1) {
    // version 4, count 1, previous output 36, script length 1 (a coinbase script has at most 100 bytes)
    constexpr std::size_t kScript = 42;
    if (coinbase1.size() <= kScript || coinbase1[4] != 1) return -1;
    const std::uint8_t push = coinbase1[kScript];
    if (push >= 0x51 && push <= 0x60) return push - 0x50;  // OP_1 to OP_16
    if (push < 1 || push > 4 || coinbase1.size() < kScript + 1 + push) return -1;
    std::int64_t height = 0;
    for (std::size_t i = push; i > 0; --i) height = height << 8 | coinbase1[kScript + i];
    return height < INT32_MAX ? height : -1;
}

Result<Uint256> share_target(double difficulty) {
    if (difficulty > 0 && difficulty < kMinDifficulty)
        return fail(ErrorKind::Malformed, fmt::format("{}, so that every hash would be a share", difficulty),
                    "difficulty", "at least 2^-32");
    return chain::target_of_difficulty(difficulty);
}

Result<Job> draft_job(const Notify& notify, const Terms& terms) {
    const auto block_target = chain::parse_bits(notify.bits);
    if (!block_target) return tl::unexpected(block_target.error().at("notify"));
    const auto target = share_target(terms.difficulty);
    if (!target) return tl::unexpected(target.error());
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
    job.height = coinbase_height(notify.coinbase1);
    job.clean = notify.clean;
    return job;
}

bool same_work(const Job& a, const Job& b) {
    return same_headers(a, b) && a.id == b.id && a.version_mask == b.version_mask &&
           a.share_target == b.share_target && a.context == b.context;
}

JobPtr RecentJobs::seal(Job draft, std::uint64_t first_roll, std::uint32_t first_nonce) {
    for (const JobPtr& old : jobs_) {
        if (!same_headers(*old, draft)) continue;
        if (old->version_mask == draft.version_mask) {
            if (same_work(*old, draft) && old->clean == draft.clean) return old;
            draft.space = old->space;
        } else if (const auto at = old->space->claim(1)) {
            first_roll = at->roll + 1;  // a different mask is a different set of versions a roll
            first_nonce = 0;
        }
        break;
    }
    JobPtr job = work::seal(std::move(draft), first_roll, first_nonce);
    jobs_.push_front(job);
    if (jobs_.size() > kKept) jobs_.pop_back();
    return job;
}

}  // namespace lode::source::stratum
