// Makes the Job to publish from notifies. Without I/O.
#pragma once

#include <memory>
#include <optional>

#include "lode/job.h"
#include "lode/result.h"
#include "source/pool/pace.h"
#include "source/pool/recent_jobs.h"
#include "source/stratum/actions.h"
#include "source/stratum/job_factory.h"
#include "source/stratum/job_terms.h"
#include "source/stratum/session_options.h"

namespace lode::source::stratum {

// Keeps the pool's newest notify with the terms at its arrival. Of notifies that arrive together only the
// last becomes a job, and jobs are issued at a limited rate.
class JobIssuer {
 public:
    // All must outlive it.
    JobIssuer(const SessionOptions& options, const JobTerms& terms, pool::RecentJobs& recent)
        : options_(options), terms_(terms), recent_(recent) {}

    // Binds the notify to the current terms. Error: no valid job can be made of it.
    Result<void> take(const Notify& notify);
    // Whether a new notify, or changed terms of the current one, wait to be issued.
    [[nodiscard]] bool due() const;
    // When a due job may be issued; in the past if it may be now.
    [[nodiscard]] TimePoint next_time() const { return pace_.next(); }
    // The job to publish; null if it is the same as the published one.
    JobPtr issue(TimePoint now);

    // The last one; null before the first.
    [[nodiscard]] const JobPtr& published() const { return published_; }
    // Whether the waiting notify makes the published job stale.
    [[nodiscard]] bool superseded() const;
    // Whether the job is from before the last clean one, or of another session.
    [[nodiscard]] bool stale(const Job& job) const { return job.context != era_; }
    // Whether the job is the pool's latest, and published.
    [[nodiscard]] bool is_present(const Job& job) const;
    // For a block that misses its job's share target: true for the first of a job, which is then reissued so
    // that devices find no more of them.
    bool allow_short_block(const Job& job);

 private:
    struct Present {
        Notify notify;
        Terms terms;
    };
    // The current notify as a job; clean_since: a clean one has come since the last publication.
    [[nodiscard]] Result<Job> draft(bool clean_since) const;

    const SessionOptions& options_;
    const JobTerms& terms_;
    pool::RecentJobs& recent_;
    std::optional<Present> present_;
    bool new_ = false;    // present_ has not been issued yet
    bool clean_ = false;  // a notify since the last publication was clean
    // Job::context. Replaced by a clean job: shares of jobs with another one are stale.
    std::shared_ptr<const JobContext> era_ = std::make_shared<const JobContext>();
    JobPtr published_;
    pool::Pace pace_{4, std::chrono::milliseconds(20)};
};

}  // namespace lode::source::stratum
