#include "work/verifier.h"

#include <algorithm>

#include "chain/target.h"
#include "work/roll.h"

namespace lode::work {

Verified Verifier::verify(const JobPtr& job, std::uint64_t roll, const Hit& hit) {
    if (roll >= rolls(*job) || hit.variant >= variants(*job)) return {};
    BlockHeader header = header_of(*job, roll, hit.variant);
    header.nonce = hit.nonce;
    const Hash256 hash = header.hash();
    const Uint256 value = hash.number();
    const Uint256 easiest = std::max(job->share_target, job->block_target);
    if (value.top32() > easiest.top32()) return {};
    if (value > easiest) return {HitKind::Miss, {}};
    if (!remember(hash)) return {HitKind::Duplicate, {}};
    const bool block = value <= job->block_target;
    return {block ? HitKind::Block : HitKind::Share,
            {.job = job,
             .generation = 0,
             .extranonce2 = extranonce2(*job, roll),
             .version = header.version,
             .header = header,
             .hash = hash,
             .difficulty = chain::difficulty_of(value),
             .block = block,
             .device = {}}};
}

bool Verifier::remember(const Hash256& hash) {
    if (!seen_.insert(hash).second) return false;
    order_.push_back(hash);
    if (order_.size() > kRemembered) {
        seen_.erase(order_.front());
        order_.pop_front();
    }
    return true;
}

}  // namespace lode::work
