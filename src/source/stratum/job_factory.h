// Makes a Job from a notify and the terms that apply to it.
#pragma once

#include <cstdint>

#include "lode/job.h"
#include "lode/result.h"
#include "source/stratum/messages.h"

namespace lode::source::stratum {

// Terms of a job that are not in its notify.
struct Terms {
    Extranonce extranonce;
    double difficulty = 1;  // 1 is the protocol's default
    std::uint32_t version_mask = 0;
    bool share_target_required = false;  // the pool refuses a block that misses the share target
    // False: the pool has not sent it yet, the value above is a default.
    bool extranonce_given = true, difficulty_stated = true;
    friend bool operator==(const Terms&, const Terms&) = default;
};

// Error: a difficulty that no hash, or every hash, meets.
Result<Uint256> share_target(double difficulty);
// Not yet sealed, without a context. Error: nBits that no hash meets, or an invalid difficulty.
Result<Job> draft_job(const Notify& notify, const Terms& terms);

}  // namespace lode::source::stratum
