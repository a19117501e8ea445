// Recent jobs, so that repeated work is not searched twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "lode/job.h"

namespace lode::source::pool {

// Whether two jobs are the same to search and to submit; `clean` may differ.
bool same_work(const Job& a, const Job& b);

// Pools repeat jobs: with the same id, under a new one, with another difficulty, after a reconnection. If the
// headers are the same, the search continues where it was; otherwise every share would be found twice.
class RecentJobs {
 public:
    // The earlier job if nothing differs; otherwise a new one, which may share a search space.
    JobPtr seal(Job draft, std::uint64_t first_roll, std::uint32_t first_nonce);

 private:
    static constexpr std::size_t kKept = 8;
    std::deque<JobPtr> jobs_;  // newest first
};

}  // namespace lode::source::pool
