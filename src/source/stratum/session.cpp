#include "source/stratum/session.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "source/stratum/redirect.h"
#include "source/stratum/requests.h"

namespace lode::source::stratum {

using event::Severity;

namespace {

constexpr unsigned kMaxBadLines = 100;  // between two valid jobs
constexpr std::string_view kBlanks = " \t\r";

}  // namespace

Session::Session(SessionOptions options, pool::RecentJobs& recent)
    : options_(std::move(options)),
      terms_(options_.version_mask),
      jobs_(options_, terms_, recent),
      handshake_(options_, ids_, terms_, outbox_),
      shares_(options_, ids_, terms_, jobs_, outbox_),
      idle_(options_.timeouts) {}

void Session::connected(TimePoint now) {
    idle_.connected(now);
    handshake_.begin(now);
}

void Session::disconnected() {
    outbox_.end();
    shares_.end();
}

// ---- incoming messages

void Session::line(std::string_view text, TimePoint now) {
    idle_.line(now);
    while (!over()) {
        text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
        if (text.empty()) return;
        const std::string_view first = first_message(text);
        message(first, now);
        text.remove_prefix(first.size());
    }
}

void Session::message(std::string_view text, TimePoint now) {
    const auto parsed = parse_line(text);
    if (!parsed) return not_understood(parsed.error(), now);
    std::visit([&](const auto& typed) { handle(typed, now); }, *parsed);
}

// Each kind is logged once.
void Session::not_understood(const Error& error, TimePoint now) {
    if (error.where.starts_with("notify")) idle_.bad_job(error);
    if (warned_about_.insert(error.where).second)
        outbox_.relay(Severity::Warning, "not understood: " + error.text(), now);
    if (++bad_lines_ >= kMaxBadLines)
        outbox_.close({ErrorKind::Malformed,
                       "too many lines that are not understood, the last: " + error.what,
                       {},
                       {}});
}

void Session::handle(const Notify& notify, TimePoint now) {
    if (const auto taken = jobs_.take(notify); !taken) return not_understood(taken.error(), now);
    bad_lines_ = 0;
    idle_.job(now);
    // Published by publish_due(), after all lines of one read.
}

void Session::handle(const SetDifficulty& message, TimePoint now) {
    const auto changed = terms_.set_difficulty(message.difficulty);
    if (!changed) return outbox_.relay(Severity::Warning, "ignored: " + changed.error().text(), now);
    if (*changed) outbox_.relay(Severity::Info, fmt::format("difficulty {}", message.difficulty), now);
}

void Session::handle(const SetExtranonce& message, TimePoint now) {
    terms_.set_extranonce(message.extranonce);
    outbox_.relay(Severity::Info,
                  fmt::format("new extranonce, extranonce2 of {} bytes", message.extranonce.second_size),
                  now);
}

void Session::handle(const SetVersionMask& message, TimePoint now) {
    if (terms_.set_mask(message.mask))
        outbox_.relay(Severity::Info, fmt::format("version mask {:08x}", terms_.mask()), now);
}

void Session::handle(const Reconnect& message, TimePoint now) {
    if (!message.host.empty() && !redirect_allowed(options_.host, message.host))
        return outbox_.relay(
            Severity::Warning,
            "ignored: the pool asks to reconnect to " + message.host + ", which is not in its domain", now);
    outbox_.say(Severity::Info,
                fmt::format("the pool asks to reconnect to {}:{}, in {} s",
                            message.host.empty() ? options_.host : message.host,
                            message.port == 0 ? "the same port" : std::to_string(message.port),
                            message.wait.count()));
    outbox_.redirect({{message.host, message.port}, message.wait});
}

void Session::handle(const ShowMessage& message, TimePoint now) {
    outbox_.relay(Severity::Info, "the pool says: " + message.text, now);
}

void Session::handle(const Remark& message, TimePoint now) {
    outbox_.relay(Severity::Warning, "the pool says: " + message.text, now);
}

void Session::handle(const Request& message, TimePoint now) {
    if (message.kind == Request::Kind::Unknown)
        outbox_.relay(Severity::Debug, "unknown method " + message.method, now);
    if (message.reply_id.empty()) return;
    switch (message.kind) {
        case Request::Kind::GetVersion:
            return outbox_.send(version_reply(message.reply_id, options_.user_agent));
        case Request::Kind::Ping:
            return outbox_.send(pong_reply(message.reply_id));
        case Request::Kind::Unknown:
            return outbox_.send(unknown_method_reply(message.reply_id));
    }
}

void Session::handle(const Response& response, TimePoint now) {
    if (handshake_.answer(response, now) || shares_.answer(response, now)) return;
    if (response.error)
        return outbox_.relay(Severity::Warning, "error for an unknown request: " + response.error->shown(),
                             now);
    outbox_.relay(Severity::Debug, "answer to an unknown request", now);
}

// ---- outgoing messages

void Session::settle(TimePoint now) {
    if (!over()) check_timeouts(now);
    if (over() || !handshake_.completed()) return;
    publish_due(now);
    shares_.send(now);
}

void Session::check_timeouts(TimePoint now) {
    shares_.check_timeouts(now);
    handshake_.check_timeouts(now, idle_.has_job());
    if (const auto completed = handshake_.completed())
        if (auto error = idle_.check(now, *completed, shares_.last_accepted()))
            outbox_.close(std::move(*error));
}

void Session::publish_due(TimePoint now) {
    if (!jobs_.due() || now < jobs_.next_time()) return;
    const JobPtr previous = jobs_.published();
    if (JobPtr job = jobs_.issue(now)) {
        if (!working_since_) working_since_ = now;
        // Before answering shares that are stale now, since the answered engine may submit more of them.
        outbox_.publish(std::move(job));
    }
    shares_.job_issued(previous);
}

TimePoint Session::deadline(TimePoint now) const {
    TimePoint next = now + std::chrono::milliseconds(250);  // for time-outs
    if (!handshake_.completed()) return next;
    if (jobs_.due()) next = std::min(next, jobs_.next_time());
    if (const auto share = shares_.deadline()) next = std::min(next, *share);
    return next;
}

}  // namespace lode::source::stratum
