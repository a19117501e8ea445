#include "source/stratum/handshake.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "source/stratum/replies.h"
#include "source/stratum/requests.h"

namespace lode::source::stratum {

using event::Severity;

void Handshake::begin(TimePoint now) {
    const bool extensions = options_.version_mask != 0 || options_.suggest_difficulty;
    if (!options_.configure || !extensions) return subscribe(now);
    ask(configure_, now);
    outbox_.send(configure_line(configure_.id, options_.version_mask, options_.suggest_difficulty));
}

bool Handshake::answer(const Response& response, TimePoint now) {
    struct Known {
        Request Handshake::*request;
        void (Handshake::*answered)(const Response&, TimePoint);
    };
    constexpr std::array kRequests = {
        Known{&Handshake::configure_, &Handshake::configured},
        Known{&Handshake::subscribe_, &Handshake::subscribed},
        Known{&Handshake::authorize_, &Handshake::authorized},
        Known{&Handshake::extranonce_subscribe_, nullptr},
        Known{&Handshake::suggest_difficulty_, nullptr},
    };
    for (const Known& known : kRequests) {
        Request& request = this->*known.request;
        if (!request.waits() || response.id != request.id) continue;
        request.id = 0;
        if (known.answered) (this->*known.answered)(response, now);
        return true;
    }
    return false;
}

// A late answer is still applied.
void Handshake::configured(const Response& response, TimePoint now) {
    if (const auto extensions = read_configured(response); !extensions) {
        outbox_.say(Severity::Info, "no extensions: " + extensions.error().text());
    } else {
        extranonce_subscribed_ = extensions->subscribe_extranonce;
        terms_.set_mask(extensions->version_mask.value_or(0));
        if (terms_.mask() != 0) {
            outbox_.say(Severity::Info, fmt::format("version rolling with mask {:08x}", terms_.mask()));
        } else if (options_.version_mask != 0) {
            outbox_.say(Severity::Info, "the pool allows no version rolling");
        }
    }
    if (step_ == Step::Configure) subscribe(now);
}

void Handshake::subscribe(TimePoint now) {
    step_ = Step::Subscribe;
    ask(subscribe_, now);
    outbox_.send(subscribe_line(subscribe_.id, options_.user_agent, options_.resume));
}

void Handshake::subscribed(const Response& response, TimePoint now) {
    auto subscription = read_subscribed(response);
    if (!subscription) return outbox_.close(subscription.error());
    terms_.set_extranonce(std::move(subscription->extranonce));
    session_id_ = subscription->session_id;
    step_ = Step::Authorize;
    ask(authorize_, now);
    outbox_.send(authorize_line(authorize_.id, options_.user, options_.password),
                 authorize_line(authorize_.id, options_.user, "***"));
    if (!extranonce_subscribed_) {
        ask(extranonce_subscribe_, now);
        outbox_.send(extranonce_subscribe_line(extranonce_subscribe_.id));
    }
    if (options_.suggest_difficulty) {
        ask(suggest_difficulty_, now);
        outbox_.send(suggest_difficulty_line(suggest_difficulty_.id, *options_.suggest_difficulty));
    }
}

void Handshake::authorized(const Response& response, TimePoint now) {
    // Null without an error is not a refusal: some pools always answer so.
    const bool objects = !response.result.is_null() || response.error;
    if (const auto why = objects ? refusal(response) : std::nullopt)
        return outbox_.close({ErrorKind::Refused, "the pool refuses the user: " + why->shown(), {}, {}});
    step_ = Step::Complete;
    if (!completed_) completed_ = now;
}

void Handshake::check_timeouts(TimePoint now, bool has_job) {
    const Timeouts& timeouts = options_.timeouts;
    const auto unanswered = [&](const char* method) {
        outbox_.close({ErrorKind::Unreachable, std::string("no answer to ") + method, {}, {}});
    };
    if (step_ == Step::Configure && configure_.waits_since(now, timeouts.configure)) {
        outbox_.say(Severity::Info, "no answer to mining.configure; continuing without extensions");
        return subscribe(now);
    }
    if (step_ == Step::Subscribe && subscribe_.waits_since(now, timeouts.handshake))
        return unanswered("mining.subscribe");
    if (step_ == Step::Authorize && authorize_.waits_since(now, timeouts.handshake)) {
        if (!has_job) return unanswered("mining.authorize");
        outbox_.say(Severity::Warning, "no answer to mining.authorize, but jobs: mining anyway");
        step_ = Step::Complete;
        completed_ = now;
    }
}

}  // namespace lode::source::stratum
