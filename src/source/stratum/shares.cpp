#include "source/stratum/shares.h"

#include <utility>

#include <fmt/format.h>

#include "source/stratum/replies.h"
#include "source/stratum/requests.h"

namespace lode::source::stratum {

using event::Severity;
using Status = Outcome::Status;

namespace {

// Error codes that pools agree on, see PoolError.
constexpr int kUnknownJob = 21;
constexpr int kDuplicate = 22;
constexpr int kLowDifficulty = 23;

constexpr const char* kSuperseded = "a clean job came first";
constexpr const char* kJobUnknown = "the pool did not know its job";
constexpr const char* kSessionLost = "the session was lost";

// Whether the block target is easier than the share target.
bool short_block(const Solution& solution) {
    return solution.block && solution.hash.number() > solution.job->share_target;
}

}  // namespace

const char* Shares::why_stale(const Solution& solution) const {
    if (outbox_.over() || !jobs_.published()) return kSessionLost;
    if (jobs_.stale(*solution.job)) return kSuperseded;
    if (((solution.version ^ solution.job->version) & ~terms_.mask()) != 0)
        return "the pool no longer allows its version bits";
    if (terms_.difficulty_at_once() && terms_.below_new_difficulty(solution))
        return "below the pool's new difficulty";
    return nullptr;
}

void Shares::submit(const Solution& solution, SubmitCallback callback, TimePoint now) {
    const char* why = why_stale(solution);
    if (!why && short_block(solution) && !jobs_.allow_short_block(*solution.job))
        why = "a block below the pool's share difficulty";
    if (why) return outbox_.answer(std::move(callback), {Status::Stale, why});
    queue_.add({solution, std::move(callback)});
    send(now);
}

void Shares::send(TimePoint now) {
    if (jobs_.superseded()) return;
    while (auto share = queue_.take(now)) {
        if (const char* why = why_stale(share->solution)) {
            queue_.ended(share->solution, false, now);
            outbox_.answer(std::move(share->callback), {Status::Stale, why});
            continue;
        }
        const std::int64_t id = ids_.next();
        outbox_.send(submit_line(id, options_.user, share->solution, terms_.mask()));
        sent_.emplace(id, Sent{std::move(*share), now});
    }
}

// The next share is sent by send(): a line that came with this one may have made it stale.
bool Shares::answer(const Response& response, TimePoint now) {
    const auto found = response.id ? sent_.find(*response.id) : sent_.end();
    if (found == sent_.end()) return false;
    pool::Share share = std::move(found->second.share);
    sent_.erase(found);
    Outcome outcome = read_share_outcome(response);
    const bool accepted = outcome.status == Status::Accepted;
    last_answer_ = now;
    if (accepted) {
        ++accepted_;
        last_accepted_ = now;
    }
    queue_.ended(share.solution, accepted, now);
    outbox_.answer(std::move(share.callback), std::move(outcome));
    learn(share.solution, response, now);
    return true;
}

// Learns about the pool's behaviour from an answer.
void Shares::learn(const Solution& solution, const Response& response, TimePoint now) {
    const bool accepted = !refusal(response);
    const std::int64_t code = !accepted && response.error ? response.error->code.value_or(0) : 0;
    if (code == kLowDifficulty && !terms_.difficulty_at_once() && terms_.below_new_difficulty(solution)) {
        terms_.apply_difficulty_at_once();
        outbox_.say(Severity::Info,
                    "the pool applies a new difficulty to older jobs too; lode now does the same");
    }
    if (!accepted && short_block(solution) && code != kUnknownJob && code != kDuplicate) {
        terms_.require_share_target();
        outbox_.say(Severity::Info,
                    "the pool refuses a block below its share difficulty: no more of them are sent");
    }
    if (code == kUnknownJob) queue_.came_late(solution);
    if (!jobs_.is_present(*solution.job)) return;
    if (code != kUnknownJob) {
        queue_.job_known();
    } else if (!queue_.job_unknown(solution, now)) {
        outbox_.close({ErrorKind::Unreachable, "the pool does not know its own job", {}, {}});
    }
}

void Shares::check_timeouts(TimePoint now) {
    const auto timeout = options_.timeouts.answer;
    for (auto it = sent_.begin(); it != sent_.end();) {
        Sent& sent = it->second;
        if (now - sent.since <= timeout) return;  // the others are newer
        // A single lost answer is tolerated; without any answer the connection counts as lost.
        if (last_answer_ < sent.since) {
            const auto waited = std::chrono::duration_cast<std::chrono::seconds>(timeout);
            return outbox_.close({ErrorKind::Unreachable,
                                  fmt::format("no answer to a share for {} s", waited.count()),
                                  {},
                                  {}});
        }
        queue_.ended(sent.share.solution, false, now);
        outbox_.answer(std::move(sent.share.callback), {Status::Unknown, "no answer"});
        it = sent_.erase(it);
    }
}

void Shares::job_issued(const JobPtr& previous) {
    const JobPtr& job = jobs_.published();
    const bool unknown = queue_.job_in_doubt() && previous->id != job->id;
    queue_.job_known();
    if (job == previous) return;
    if (job->clean) {
        drop_waiting(kSuperseded);
    } else if (unknown) {
        drop_waiting(kJobUnknown);
    }
}

void Shares::drop_waiting(const char* why) {
    for (pool::Share& share : queue_.clear()) outbox_.answer(std::move(share.callback), {Status::Stale, why});
}

void Shares::end() {
    drop_waiting(kSessionLost);
    for (auto& [id, sent] : std::exchange(sent_, {}))
        outbox_.answer(std::move(sent.share.callback),
                       {Status::Unknown, "the session was lost before the answer"});
}

std::optional<TimePoint> Shares::deadline() const {
    return jobs_.superseded() ? std::nullopt : queue_.next();
}

}  // namespace lode::source::stratum
