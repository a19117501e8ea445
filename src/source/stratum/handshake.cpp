// Session's other half: the hand-shake, the time-outs, and how its actions come to be.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "source/stratum/requests.h"
#include "source/stratum/session.h"

namespace lode::source::stratum {

using event::Severity;
using std::chrono::duration_cast;
using std::chrono::seconds;

namespace {

constexpr double kForeignBurst = 20;                          // lines
constexpr std::chrono::duration<double> kForeignInterval{5};  // seconds for one more

std::string in_seconds(std::chrono::milliseconds time) {
    return std::to_string(duration_cast<seconds>(time).count()) + " s";
}

}  // namespace

void Session::connected(TimePoint now) {
    last_line_ = last_progress_ = phase_since_ = now;
    const bool wants = options_.version_mask != 0 || options_.suggest_difficulty;
    if (!options_.configure || !wants) return subscribe(now);
    phase_ = Phase::Configuring;
    configure_asked_ = true;
    send(configure_line(ask(Asked::Configure, now), options_.version_mask, options_.suggest_difficulty));
}

void Session::configured(const Response& response, TimePoint now) {
    configure_answered_ = true;
    const auto extensions = read_configured(response);
    if (!extensions) {
        say(Severity::Info, "no extensions: " + extensions.error().text());
    } else {
        extranonce_subscribed_ = extensions->subscribe_extranonce;
        const std::uint32_t before = mask_;
        set_mask(extensions->version_mask.value_or(0));
        if (mask_ != 0) say(Severity::Info, fmt::format("version rolling with mask {:08x}", mask_));
        if (mask_ == 0 && options_.version_mask != 0)
            say(Severity::Info, "the pool allows no version rolling");
        if (mask_ != before) reissue();  // it may come late
    }
    if (phase_ == Phase::Configuring) subscribe(now);
}

void Session::subscribe(TimePoint now) {
    phase_ = Phase::Subscribing;
    phase_since_ = now;
    send(subscribe_line(ask(Asked::Subscribe, now), options_.resume));
}

void Session::subscribed(const Response& response, TimePoint now) {
    const auto subscription = read_subscribed(response);
    if (!subscription) return close(subscription.error());
    extranonce_ = subscription->extranonce;
    session_id_ = subscription->session_id;
    if (current_) current_->terms.extranonce = *extranonce_;  // a hasty notify
    phase_ = Phase::Authorizing;
    phase_since_ = now;
    const std::int64_t id = ask(Asked::Authorize, now);
    actions_.emplace_back(action::Send{authorize_line(id, options_.user, options_.password),
                                       authorize_line(id, options_.user, "***")});
    if (!extranonce_subscribed_) send(extranonce_subscribe_line(ask(Asked::ExtranonceSubscribe, now)));
    if (options_.suggest_difficulty)
        send(suggest_difficulty_line(ask(Asked::SuggestDifficulty, now), *options_.suggest_difficulty));
}

void Session::authorized(const Response& response, TimePoint now) {
    if (const auto why = refusal(response))
        return close({ErrorKind::Refused, "the pool refuses the user: " + why->shown(), {}, {}});
    begin_mining(now);
}

void Session::begin_mining(TimePoint now) {
    phase_ = Phase::Mining;
    phase_since_ = now;
}

void Session::handle(const Response& response, TimePoint now) {
    const auto found = response.id ? pending_.find(*response.id) : pending_.end();
    if (found == pending_.end()) {
        if (response.error)
            return say_foreign(Severity::Warning, "error for no request of ours: " + response.error->shown(),
                               now);
        return say_foreign(Severity::Debug, "answer to no request of ours", now);
    }
    Pending pending = std::move(found->second);
    pending_.erase(found);
    switch (pending.what) {
        case Asked::Configure:
            return configured(response, now);
        case Asked::Subscribe:
            return subscribed(response, now);
        case Asked::Authorize:
            if (phase_ == Phase::Authorizing || !response.result.is_null()) return authorized(response, now);
            return;
        case Asked::Share:
            return share_answered(std::move(pending), response, now);
        case Asked::ExtranonceSubscribe:  // many pools know neither, and lode does without
        case Asked::SuggestDifficulty:
            return;
    }
}

void Session::tick(TimePoint now) {
    if (over() || phase_ == Phase::New) return;
    check_answers(now);
    if (!over()) check_patience(now);
    if (!over() && phase_ == Phase::Mining && due_ && now >= next_publish_) publish(now);
    if (!over()) send_shares(now);
}

TimePoint Session::deadline(TimePoint now) const {
    TimePoint next = now + std::chrono::milliseconds(250);
    if (phase_ != Phase::Mining) return next;
    if (due_) next = std::min(next, next_publish_);
    if (const auto share = outdated() ? std::nullopt : shares_.next()) next = std::min(next, *share);
    return next;
}

void Session::check_answers(TimePoint now) {
    const Patience& patience = options_.patience;
    for (auto it = pending_.begin(); it != pending_.end() && !over();) {
        const auto waited = now - it->second.since;
        const Asked what = it->second.what;
        if (what == Asked::Configure && phase_ == Phase::Configuring && waited > patience.configure) {
            say(Severity::Info, "no answer to mining.configure; going on without");
            return subscribe(now);  // a late answer still counts
        }
        if (what == Asked::Subscribe && waited > patience.handshake)
            return close({ErrorKind::Unreachable, "no answer to mining.subscribe", {}, {}});
        if (what == Asked::Authorize && phase_ == Phase::Authorizing && waited > patience.handshake) {
            if (!current_) return close({ErrorKind::Unreachable, "no answer to mining.authorize", {}, {}});
            say(Severity::Warning, "no answer to mining.authorize, but jobs: mining anyway");
            return begin_mining(now);
        }
        if (what == Asked::Share && waited > patience.answer) {
            // One lost answer among others is forgiven, none at all means that the pool is gone.
            if (last_share_answer_ < it->second.since)
                return close({ErrorKind::Unreachable,
                              "no answer to a share for " + in_seconds(patience.answer),
                              {},
                              {}});
            shares_.ended(*it->second.solution, false, now);
            answer(std::move(it->second.callback), {Outcome::Status::Unknown, "no answer"});
            it = pending_.erase(it);
            continue;
        }
        ++it;
    }
}

void Session::check_patience(TimePoint now) {
    if (phase_ != Phase::Mining) return;
    const Patience& patience = options_.patience;
    const auto silent = [&](const std::string& what) { close({ErrorKind::Unreachable, what, {}, {}}); };
    if (!current_ && now - phase_since_ > patience.first_job)
        return silent("no job within " + in_seconds(patience.first_job));
    if (now - last_line_ > patience.silence) return silent("silent for " + in_seconds(patience.silence));
    if (now - last_progress_ > patience.job) silent("no new job for " + in_seconds(patience.job));
}

std::int64_t Session::ask(Asked what, TimePoint now) {
    pending_[++last_id_] = Pending{what, now, {}, {}};
    return last_id_;
}

void Session::send(std::string line) {
    std::string shown = line;
    actions_.emplace_back(action::Send{std::move(line), std::move(shown)});
}

// What the pool makes us say is limited, so that it cannot flood the terminal.
void Session::say_foreign(Severity severity, std::string text, TimePoint now) {
    foreign_budget_ = std::min(kForeignBurst, foreign_budget_ + (now - foreign_since_) / kForeignInterval);
    foreign_since_ = now;
    if (foreign_budget_ < 1) return;
    foreign_budget_ -= 1;
    say(severity, std::move(text));
}

void Session::answer(SubmitCallback callback, Outcome outcome) {
    actions_.emplace_back(action::Answer{std::move(callback), std::move(outcome)});
}

void Session::close(Error error) {
    finish(action::Close{std::move(error)});
}

}  // namespace lode::source::stratum
