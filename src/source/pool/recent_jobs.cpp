#include "source/pool/recent_jobs.h"

#include <utility>

#include "work/roll.h"

namespace lode::source::pool {
namespace {

bool same_headers(const Job& a, const Job& b) {
    return a.version == b.version && a.prev == b.prev && a.time == b.time && a.bits == b.bits &&
           a.merkle_root == b.merkle_root && a.extranonce2_size == b.extranonce2_size &&
           a.extranonce1 == b.extranonce1 && a.branch == b.branch && a.coinbase1 == b.coinbase1 &&
           a.coinbase2 == b.coinbase2 && a.extranonce2_start == b.extranonce2_start;
}

}  // namespace

bool same_work(const Job& a, const Job& b) {
    return same_headers(a, b) && a.id == b.id && a.version_mask == b.version_mask &&
           a.share_target == b.share_target && a.block_target == b.block_target && a.context == b.context;
}

JobPtr RecentJobs::seal(Job draft, std::uint64_t first_roll, std::uint32_t first_nonce) {
    for (const JobPtr& old : jobs_) {
        if (!same_headers(*old, draft)) continue;
        if (old->version_mask == draft.version_mask) {
            if (same_work(*old, draft) && old->clean == draft.clean) return old;
            draft.space = old->space;
        } else if (const auto at = old->space->claim(1)) {
            first_roll = at->roll + 1;  // another mask means other versions per roll
            first_nonce = 0;
        }
        break;
    }
    JobPtr job = work::seal(std::move(draft), first_roll, first_nonce);
    jobs_.push_front(job);
    if (jobs_.size() > kKept) jobs_.pop_back();
    return job;
}

}  // namespace lode::source::pool
