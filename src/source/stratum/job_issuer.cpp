#include "source/stratum/job_issuer.h"

#include <utility>

namespace lode::source::stratum {

Result<void> JobIssuer::take(const Notify& notify) {
    Terms terms = terms_.next();
    if (auto draft = draft_job(notify, terms); !draft) return tl::unexpected(draft.error());
    // A repeated job counts as having had its short block.
    if (present_ && present_->notify.job_id == notify.job_id && present_->notify.prev == notify.prev)
        terms.share_target_required |= present_->terms.share_target_required;
    present_ = Present{notify, std::move(terms)};
    new_ = true;
    clean_ |= notify.clean;
    return {};
}

bool JobIssuer::due() const {
    return present_ && (new_ || terms_.current(present_->terms) != present_->terms);
}

Result<Job> JobIssuer::draft(bool clean_since) const {
    auto job = draft_job(present_->notify, present_->terms);
    if (!job) return job;
    job->network = options_.network;
    job->context = era_;
    job->extranonce2_start = options_.first_extranonce2;
    job->clean = clean_since || (published_ && published_->prev != job->prev);
    return job;
}

JobPtr JobIssuer::issue(TimePoint now) {
    new_ = false;
    present_->terms = terms_.current(std::move(present_->terms));
    auto job = draft(std::exchange(clean_, false));
    if (!job) return nullptr;  // cannot happen: notify and terms were checked when they came
    const bool again = published_ && (published_->clean || !job->clean) && pool::same_work(*published_, *job);
    if (again) return nullptr;
    if (job->clean) job->context = era_ = std::make_shared<const JobContext>();
    job->received = now;
    pace_.take(now);
    published_ = recent_.seal(std::move(*job), 0, options_.first_nonce);
    return published_;
}

bool JobIssuer::superseded() const {
    return new_ && published_ && (clean_ || present_->notify.prev != published_->prev);
}

bool JobIssuer::is_present(const Job& job) const {
    return !superseded() && published_ && job.context == published_->context && job.id == published_->id;
}

bool JobIssuer::allow_short_block(const Job& job) {
    if (!is_present(job) || present_->notify.job_id != job.id) return false;
    if (std::exchange(present_->terms.share_target_required, true)) return false;
    new_ = true;
    return true;
}

}  // namespace lode::source::stratum
