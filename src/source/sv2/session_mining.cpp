// Session, second part: jobs from the channel's messages, and shares.
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "source/sv2/session.h"
#include "util/hex.h"

namespace lode::source::sv2 {

using event::Severity;

namespace {

// Maximum of unanswered shares before the oldest is dropped; devices wait at a slightly higher number.
constexpr std::size_t kMaxOpen = 100;
constexpr const char* kOutdated = "a new block came first";
constexpr const char* kLost = "the session was lost";

// Error codes are free text; these are the specification's examples and those of the reference pool.
constexpr std::string_view kStale = "stale-share", kUnknownJob = "invalid-job-id",
                           kTooEasy = "difficulty-too-low";

std::uint32_t number_of(const Job& job) {
    std::uint32_t id = 0;
    std::from_chars(job.id.data(), job.id.data() + job.id.size(), id);
    return id;
}

}  // namespace

// ---- jobs

template <typename NewJob>
void Session::take_job(const NewJob& job, TimePoint now) {
    const auto changed = channel_->take(job);
    if (!changed) return close(changed.error());
    last_progress_ = now;
    due_ |= *changed;
}

void Session::handle(const NewMiningJob& job, TimePoint now) {
    take_job(job, now);
}

void Session::handle(const NewExtendedMiningJob& job, TimePoint now) {
    take_job(job, now);
}

void Session::handle(const SetNewPrevHash& message, TimePoint now) {
    if (const auto taken = channel_->take(message, now); !taken) return close(taken.error());
    last_progress_ = now;
    due_ = channel_->has_work();
    due_clean_ = true;
    if (due_) return;
    say_foreign(Severity::Warning,
                fmt::format("a new block, but for job {}, which the pool has not sent", message.job), now);
    new_era();
    published_.reset();
    actions_.emplace_back(action::Withdraw{});
    drop_waiting(kOutdated);
}

void Session::handle(const SetTarget& message, TimePoint now) {
    if (const auto set = channel_->take(message); !set) return close(set.error());
    say_foreign(Severity::Info, fmt::format("difficulty {:.4g}", channel_->difficulty()), now);
    if (target_at_once_) reissue();
}

void Session::handle(const SetExtranoncePrefix& message, TimePoint now) {
    if (const auto set = channel_->take(message); !set) return close(set.error());
    say_foreign(Severity::Info, "new extranonce prefix", now);
}

void Session::handle(const SetGroupChannel& message, TimePoint) {
    channel_->take(message);
}

// The current job, with the newest target.
void Session::reissue() {
    if (!channel_->has_work()) return;
    channel_->bind_target();
    due_ = true;
}

void Session::new_era() {
    era_ = std::make_shared<const JobContext>();
    due_clean_ = false;
}

void Session::publish(TimePoint now, bool late) {
    due_ = false;
    Job job = channel_->draft(options_.version_mask, now, late);
    job.clean = due_clean_ || !published_;
    job.network = options_.network;
    job.batched_answers = true;
    job.received = now;
    const bool clean = job.clean;
    if (clean) new_era();
    job.context = era_;
    const bool unknown = shares_.job_in_doubt() && published_ && published_->id != job.id;
    shares_.job_known();
    published_ = recent_.seal(std::move(job), options_.first_roll, options_.first_nonce);
    if (!working_since_) working_since_ = now;
    // Publishes the job first: the engine may submit more shares when it is told that one is stale.
    actions_.emplace_back(action::Publish{published_});
    if (clean) {
        drop_waiting(kOutdated);
    } else if (unknown) {
        drop_waiting("the pool did not know its job");
    }
}

// On a standard channel the search space may be exhausted until the time advances.
void Session::renew_exhausted(TimePoint now) {
    if (due_ || !published_ || !published_->space->exhausted()) return;
    if (channel_->draft(options_.version_mask, now, true).time > published_->time) publish(now, true);
}

// ---- shares

const char* Session::unwanted(const Solution& solution) const {
    if (phase_ != Phase::Mining) return kLost;
    if (solution.job->context != era_) return kOutdated;
    if (target_at_once_ && solution.hash.number() > channel_->target()) return "above the pool's new target";
    return nullptr;
}

bool Session::of_present_job(const Solution& solution) const {
    return !outdated() && published_ && solution.job->context == era_ && solution.job->id == published_->id;
}

void Session::submit(const Solution& solution, SubmitCallback callback, TimePoint now) {
    if (const char* why = unwanted(solution))
        return answer(std::move(callback), {Outcome::Status::Stale, why});
    shares_.add({solution, std::move(callback)});
    send_shares(now);
}

// Shares do not wait for answers, as a pool may acknowledge them only with later ones: for the queue a share
// has ended when it is sent.
void Session::send_shares(TimePoint now) {
    while (auto share = outdated() ? std::nullopt : shares_.take(now)) {
        const char* const why = unwanted(share->solution);
        shares_.ended(share->solution, why == nullptr, now);
        if (why != nullptr) {
            answer(std::move(share->callback), {Outcome::Status::Stale, why});
        } else {
            send_share(std::move(*share));
        }
    }
    while (auto forgotten = open_shares_.give_up_over(kMaxOpen))
        answer(std::move(forgotten->callback), {Outcome::Status::Unknown, "no answer"});
}

void Session::send_share(pool::Share share) {
    const BlockHeader& header = share.solution.header;
    SubmitSharesExtended out{channel_->id(),
                             0,
                             number_of(*share.solution.job),
                             header.nonce,
                             header.time,
                             header.version,
                             share.solution.extranonce2};
    out.sequence = open_shares_.add(std::move(share.solution), std::move(share.callback));
    ++unanswered_;
    if (channel_->extended()) return send(out);
    send(SubmitSharesStandard{out.channel, out.sequence, out.job, out.nonce, out.ntime, out.version});
}

void Session::drop_waiting(const char* why) {
    for (pool::Share& share : shares_.clear())
        answer(std::move(share.callback), {Outcome::Status::Stale, why});
}

void Session::handle(const SubmitSharesSuccess& message, TimePoint now) {
    for (auto& share : open_shares_.accept_up_to(message.last_sequence)) {
        answer(std::move(share.callback), {Outcome::Status::Accepted, {}});
        ++accepted_;
        last_progress_ = now;
        if (of_present_job(share.solution)) shares_.job_known();
    }
}

void Session::handle(const SubmitSharesError& message, TimePoint now) {
    auto share = open_shares_.refuse(message.sequence);
    if (!share)
        return say_foreign(Severity::Debug,
                           "refuses a share that is not open: " + util::printable(message.code), now);
    const Solution& solution = share->solution;
    const bool stale = message.code == kStale, unknown_job = message.code == kUnknownJob;
    answer(std::move(share->callback),
           {stale ? Outcome::Status::Stale : Outcome::Status::Rejected, util::printable(message.code)});
    if (stale || unknown_job) shares_.came_late(solution);
    if (message.code == kTooEasy && !target_at_once_ && channel_->target() < solution.job->share_target) {
        // Met its job's target, but was refused for a newer one: this pool applies targets at once.
        target_at_once_ = true;
        say(Severity::Info, "the pool applies a new target to older jobs too; lode now does the same");
        reissue();
    }
    if (!of_present_job(solution)) return;
    if (!unknown_job) return shares_.job_known();
    if (!shares_.job_unknown(solution, now))
        close({ErrorKind::Unreachable, "the pool does not know its own job", {}, {}});
}

void Session::disconnected() {
    phase_ = Phase::Over;
    drop_waiting(kLost);
    for (auto& share : open_shares_.clear())
        answer(std::move(share.callback),
               {Outcome::Status::Unknown, "the session was lost before the answer"});
}

}  // namespace lode::source::sv2
