// From a notify and what binds to it to a Job, and the memory that keeps repeated work from being searched
// twice.
#pragma once

#include <cstdint>
#include <deque>

#include "lode/job.h"
#include "lode/result.h"
#include "source/stratum/messages.h"

namespace lode::source::stratum {

// What a notify does not say itself.
struct Terms {
    Extranonce extranonce;
    double difficulty = 1;
    std::uint32_t version_mask = 0;
};

// Refused: a difficulty that no hash, or every hash, meets.
Result<Uint256> share_target(double difficulty);
// Not yet sealed, without a context. Refused: nBits that no hash meets, and bad difficulties.
Result<Job> draft_job(const Notify& notify, const Terms& terms);

// The height that the coinbase script begins with (BIP 34); -1 where coinbase1 does not show one.
std::int64_t coinbase_height(const std::vector<std::uint8_t>& coinbase1);

// The same to search and to submit; what it does to earlier jobs may differ.
bool same_work(const Job& a, const Job& b);

// Pools repeat jobs: with the same id, under a new one, with another difficulty, after a reconnection. As
// long as the headers are the same, the search goes on where it was; otherwise every share would be found
// twice.
class RecentJobs {
 public:
    // The very job of before where nothing differs; otherwise a new one, which may share a search space.
    JobPtr seal(Job draft, std::uint64_t first_roll, std::uint32_t first_nonce);

 private:
    static constexpr std::size_t kKept = 8;
    std::deque<JobPtr> jobs_;  // newest first
};

}  // namespace lode::source::stratum
