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
// Pools hang up on clients that send much at once (one takes 10 kB for a flood), and where every share is a
// block the node behind them has a queue too, of 16 calls. At a round trip of 0.1 s this is still 80 shares a
// second.
constexpr std::size_t kMaxSharesSent = 8;
constexpr const char* kOutdated = "a clean job came first";

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
    if (outdated()) drop_waiting(kOutdated);
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
    if (phase_ != Phase::Mining || solution.job->context != tag_) return "its session is lost";
    if (outdated()) return kOutdated;
    if (((solution.version ^ solution.job->version) & ~mask_) != 0)
        return "the pool no longer allows its version bits";
    if (difficulty_at_once_ && solution.job->difficulty < difficulty_ && solution.difficulty < difficulty_)
        return "under the pool's new difficulty";
    return nullptr;
}

void Session::submit(const Solution& solution, SubmitCallback callback, TimePoint now) {
    if (const char* why = unwanted(solution))
        return answer(std::move(callback), {Outcome::Status::Stale, why});
    if (shares_sent_ < kMaxSharesSent) return send_share(solution, std::move(callback), now);
    waiting_.push_back({solution, std::move(callback)});
}

void Session::send_share(const Solution& solution, SubmitCallback callback, TimePoint now) {
    ++shares_sent_;
    const std::int64_t id = ask(Asked::Share, now);
    pending_.at(id).solution = solution;
    pending_.at(id).callback = std::move(callback);
    send(submit_line(id, options_.user, solution, mask_));
}

void Session::send_waiting(TimePoint now) {
    while (shares_sent_ < kMaxSharesSent && !waiting_.empty()) {
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        submit(next.solution, std::move(next.callback), now);
    }
}

void Session::drop_waiting(const char* why) {
    for (Waiting& share : std::exchange(waiting_, {}))
        answer(std::move(share.callback), {Outcome::Status::Stale, why});
}

void Session::share_answered(Pending pending, const Response& response, TimePoint now) {
    Outcome outcome = read_share_outcome(response);
    last_share_answer_ = now;
    if (outcome.status == Outcome::Status::Accepted) {
        ++accepted_;
        last_progress_ = now;
    } else if (response.error && response.error->code == 23 && !difficulty_at_once_ &&
               pending.solution->job->difficulty < difficulty_ &&
               pending.solution->difficulty < difficulty_) {
        // Good for its job, refused under the difficulty that came since: so this pool counts at once.
        difficulty_at_once_ = true;
        say(Severity::Info, "the pool applies a new difficulty to older jobs too: so do we from now on");
        reissue();
    }
    answer(std::move(pending.callback), std::move(outcome));
    --shares_sent_;
    send_waiting(now);
}

void Session::disconnected() {
    phase_ = Phase::Over;
    drop_waiting("its session is lost");
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

void Session::publish(TimePoint now) {
    due_ = false;
    Current& work = *current_;
    work.notify.clean = std::exchange(due_clean_, false);
    const auto draft = draft_job(work.notify, work.terms);
    if (!draft) return;  // checked when it came
    Job job = *draft;
    job.network = options_.network;
    job.context = tag_;
    if (published_ && published_->prev != job.prev) job.clean = true;
    if (published_ && !job.clean && same_work(*published_, job)) return;  // no news
    job.received = now;
    const JobPtr sealed = recent_.seal(std::move(job), options_.first_roll, options_.first_nonce);
    if (sealed == published_) return;
    if (sealed->clean) drop_waiting(kOutdated);
    published_ = sealed;
    last_publish_ = now;
    if (!working_since_) working_since_ = now;
    actions_.emplace_back(action::Publish{sealed});
}

}  // namespace lode::source::stratum
