// The terms negotiated with the pool, and which of them apply to which job.
#pragma once

#include <cstdint>

#include "lode/job.h"
#include "lode/result.h"
#include "source/stratum/job_factory.h"
#include "source/stratum/messages.h"

namespace lode::source::stratum {

// The terms of the next job. A job keeps those at its arrival, except as documented at current().
class JobTerms {
 public:
    // wanted_mask: the version bits that we request; no others are ever rolled.
    explicit JobTerms(std::uint32_t wanted_mask) : wanted_mask_(wanted_mask) {}

    // True if it changed something.
    Result<bool> set_difficulty(double difficulty);
    bool set_mask(std::uint32_t offered);
    void set_extranonce(Extranonce extranonce);
    // Learned: the pool applies its newest difficulty to older jobs too.
    void apply_difficulty_at_once() { difficulty_at_once_ = true; }
    // Learned: the pool refuses a block that misses the share target.
    void require_share_target() { next_.share_target_required = true; }

    [[nodiscard]] const Terms& next() const { return next_; }
    // The current terms of a job that arrived with `bound`: a version mask applies at once; a difficulty to
    // jobs that arrived before the first one, or if the pool applies it at once; an extranonce only to jobs
    // that arrived before the first one.
    [[nodiscard]] Terms current(Terms bound) const;
    [[nodiscard]] std::uint32_t mask() const { return next_.version_mask; }
    [[nodiscard]] bool difficulty_at_once() const { return difficulty_at_once_; }
    // Meets its job's difficulty, but not a higher one set since.
    [[nodiscard]] bool below_new_difficulty(const Solution& solution) const {
        return solution.job->difficulty < next_.difficulty && solution.difficulty < next_.difficulty;
    }

 private:
    std::uint32_t wanted_mask_;
    Terms next_{.extranonce = {}, .extranonce_given = false, .difficulty_stated = false};
    bool difficulty_at_once_ = false;
};

}  // namespace lode::source::stratum
