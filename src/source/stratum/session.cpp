#include "source/stratum/session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "source/stratum/redirect.h"
#include "source/stratum/requests.h"

namespace lode::source::stratum {

using event::Severity;

namespace {

constexpr unsigned kMaxBadLines = 100;  // between two good jobs
constexpr int kPublishBurst = 3;        // jobs that may be published without a pause
constexpr int kUnknownJob = 21;
constexpr const char* kOutdated = "a clean job came first";
constexpr const char* kDisowned = "the pool did not know its job";
constexpr const char* kLost = "its session is lost";

}  // namespace

Session::Session(SessionOptions options, RecentJobs& recent)
    : options_(std::move(options)), recent_(recent) {}

std::vector<Action> Session::take_actions() {
    return std::exchange(actions_, {});
}

bool Session::configure_in_doubt() const {
    return configure_asked_ && !configure_answered_ && !extranonce_;
}

void Session::line(std::string_view text, TimePoint now) {
    if (over()) return;
    last_line_ = now;
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;
    const auto message = parse_line(text);
    if (message) return std::visit([&](const auto& typed) { handle(typed, now); }, *message);
    not_understood(message.error(), now);
}

void Session::not_understood(const Error& error, TimePoint now) {
    say_foreign(Severity::Warning, "not understood: " + error.text(), now);
    if (++bad_lines_ >= kMaxBadLines)
        close({ErrorKind::Malformed,
               "too many lines that are not understood, the last: " + error.what,
               {},
               {}});
}

// ---- notifications

void Session::handle(const Notify& notify, TimePoint now) {
    const Terms terms{extranonce_.value_or(Extranonce{}), difficulty_, mask_};
    if (const auto draft = draft_job(notify, terms); !draft) return not_understood(draft.error(), now);
    bad_lines_ = 0;
    last_progress_ = now;
    due_clean_ |= notify.clean;
    current_ = Current{notify, terms};
    due_ = true;
}

void Session::handle(const SetDifficulty& message, TimePoint now) {
    if (message.difficulty == difficulty_ && difficulty_given_) return;
    if (const auto target = share_target(message.difficulty); !target)
        return say_foreign(Severity::Warning, "ignored: " + target.error().text(), now);
    difficulty_ = message.difficulty;
    say_foreign(Severity::Info, fmt::format("difficulty {}", difficulty_), now);
    // It counts from the next job, but before the first one was given it can only mean the present one.
    if (!std::exchange(difficulty_given_, true) || difficulty_at_once_) reissue();
}

void Session::handle(const SetExtranonce& message, TimePoint now) {
    extranonce_ = message.extranonce;  // from the next job on
    say_foreign(Severity::Info,
                fmt::format("new extranonce, extranonce2 of {} bytes", extranonce_->second_size), now);
}

void Session::handle(const SetVersionMask& message, TimePoint now) {
    const std::uint32_t before = mask_;
    set_mask(message.mask);
    if (mask_ == before) return;
    say_foreign(Severity::Info, fmt::format("version mask {:08x}", mask_), now);
    reissue();  // counts at once
}

void Session::handle(const Reconnect& message, TimePoint now) {
    if (!message.host.empty() && !redirect_allowed(options_.host, message.host))
        return say_foreign(
            Severity::Warning,
            "ignored: the pool asks to reconnect to " + message.host + ", which is not in its domain", now);
    say(Severity::Info, fmt::format("the pool asks to reconnect to {}:{}, in {} s",
                                    message.host.empty() ? options_.host : message.host,
                                    message.port == 0 ? "the same port" : std::to_string(message.port),
                                    message.wait.count()));
    finish(action::Redirect{message.host, message.port, message.wait});
}

void Session::handle(const ShowMessage& message, TimePoint now) {
    say_foreign(Severity::Info, "the pool says: " + message.text, now);
}

void Session::handle(const Remark& message, TimePoint now) {
    say_foreign(Severity::Warning, "the pool says: " + message.text, now);
}

void Session::handle(const Request& message, TimePoint now) {
    if (message.kind == Request::Kind::Unknown)
        say_foreign(Severity::Debug, "unknown method " + message.method, now);
    if (message.reply_id.empty()) return;
    switch (message.kind) {
        case Request::Kind::GetVersion:
            return send(version_reply(message.reply_id));
        case Request::Kind::Ping:
            return send(pong_reply(message.reply_id));
        case Request::Kind::Unknown:
            return send(unknown_method_reply(message.reply_id));
    }
}

// ---- shares

bool Session::outdated() const {
    return due_ && published_ && (due_clean_ || current_->notify.prev != published_->prev);
}

const char* Session::unwanted(const Solution& solution) const {
    if (phase_ != Phase::Mining) return kLost;
    if (solution.job->context != era_) return kOutdated;
    if (((solution.version ^ solution.job->version) & ~mask_) != 0)
        return "the pool no longer allows its version bits";
    if (difficulty_at_once_ && solution.job->difficulty < difficulty_ && solution.difficulty < difficulty_)
        return "under the pool's new difficulty";
    return nullptr;
}

bool Session::of_present_job(const Solution& solution) const {
    return !outdated() && published_ && solution.job->context == published_->context &&
           solution.job->id == published_->id;
}

void Session::submit(const Solution& solution, SubmitCallback callback, TimePoint now) {
    if (const char* why = unwanted(solution))
        return answer(std::move(callback), {Outcome::Status::Stale, why});
    shares_.add({solution, std::move(callback)});
    send_shares(now);
}

void Session::send_shares(TimePoint now) {
    while (auto share = outdated() ? std::nullopt : shares_.take(now)) {
        if (const char* why = unwanted(share->solution)) {
            shares_.ended(share->solution, false, now);
            answer(std::move(share->callback), {Outcome::Status::Stale, why});
            continue;
        }
        const std::int64_t id = ask(Asked::Share, now);
        send(submit_line(id, options_.user, share->solution, mask_));
        pending_.at(id).solution = std::move(share->solution);
        pending_.at(id).callback = std::move(share->callback);
    }
}

void Session::drop_waiting(const char* why) {
    for (Share& share : shares_.clear()) answer(std::move(share.callback), {Outcome::Status::Stale, why});
}

void Session::share_answered(Pending pending, const Response& response, TimePoint now) {
    Outcome outcome = read_share_outcome(response);
    const bool accepted = outcome.status == Outcome::Status::Accepted;
    const Solution& solution = *pending.solution;
    const std::int64_t code = !accepted && response.error ? response.error->code.value_or(0) : 0;
    last_share_answer_ = now;
    shares_.ended(solution, accepted, now);
    answer(std::move(pending.callback), std::move(outcome));
    if (accepted) {
        ++accepted_;
        last_progress_ = now;
    } else if (code == 23 && !difficulty_at_once_ && solution.job->difficulty < difficulty_ &&
               solution.difficulty < difficulty_) {
        // Good for its job, refused under the difficulty that came since: so this pool counts at once.
        difficulty_at_once_ = true;
        say(Severity::Info, "the pool applies a new difficulty to older jobs too: so do we from now on");
        reissue();
    }
    if (code == kUnknownJob) shares_.came_late(solution);
    if (of_present_job(solution)) {
        if (code != kUnknownJob) {
            shares_.trust();
        } else if (!shares_.disowned(solution, now)) {
            return close({ErrorKind::Unreachable, "the pool does not know its own job", {}, {}});
        }
    }
    // The next goes out in tick(): a line that came with this one may have made it stale.
}

void Session::disconnected() {
    phase_ = Phase::Over;
    drop_waiting(kLost);
    for (auto& [id, pending] : std::exchange(pending_, {}))
        if (pending.callback)
            answer(std::move(pending.callback),
                   {Outcome::Status::Unknown, "the session was lost before the answer"});
}

// ---- jobs

// Only bits that we asked for.
void Session::set_mask(std::uint32_t offered) {
    mask_ = offered & options_.version_mask;
}

// The present job again, under the terms of now, except for the extranonce, which waits for the next.
void Session::reissue() {
    if (!current_) return;
    current_->terms.difficulty = difficulty_;
    current_->terms.version_mask = mask_;
    current_->notify.clean = false;
    due_ = true;
}

// The present job once more, and nothing else.
bool Session::no_news(const Job& job) const {
    return published_ && (published_->clean || !job.clean) && same_work(*published_, job);
}

void Session::publish(TimePoint now) {
    due_ = false;
    Current& work = *current_;
    work.notify.clean = std::exchange(due_clean_, false);
    const auto draft = draft_job(work.notify, work.terms);
    if (!draft) return;  // checked when it came
    Job job = *draft;
    job.network = options_.network;
    job.context = era_;
    if (published_ && published_->prev != job.prev) job.clean = true;
    const bool disowned = shares_.in_doubt() && published_->id != job.id;
    shares_.trust();
    if (no_news(job)) return;
    if (job.clean) job.context = era_ = std::make_shared<const int>(0);
    job.received = now;
    published_ = recent_.seal(std::move(job), options_.first_roll, options_.first_nonce);
    next_publish_ =
        std::max(next_publish_, now - kPublishBurst * options_.patience.publish) + options_.patience.publish;
    if (!working_since_) working_since_ = now;
    // First the job: who is told that a share is stale may have more of them.
    actions_.emplace_back(action::Publish{published_});
    if (published_->clean) {
        drop_waiting(kOutdated);
    } else if (disowned) {
        drop_waiting(kDisowned);
    }
}

}  // namespace lode::source::stratum
