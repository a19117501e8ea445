// Actions of a Stratum V1 session, and the outbox that collects them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lode/error.h"
#include "lode/events.h"
#include "lode/source.h"
#include "source/pool/actions.h"
#include "source/pool/pace.h"

namespace lode::source::stratum {

using pool::TimePoint;

namespace action {
using namespace pool::action;
struct Send {
    std::string line;   // without '\n'
    std::string shown;  // the line for logs, without the password
};
}  // namespace action

using Action = pool::ActionOf<action::Send>;

class Outbox {
 public:
    void send(std::string line) {
        std::string shown = line;
        send(std::move(line), std::move(shown));
    }
    void send(std::string line, std::string shown) {
        actions_.emplace_back(action::Send{std::move(line), std::move(shown)});
    }
    void publish(JobPtr job) { actions_.emplace_back(action::Publish{std::move(job)}); }
    void say(event::Severity severity, std::string text) {
        actions_.emplace_back(action::Say{severity, std::move(text)});
    }
    // Logs messages caused by the pool, rate-limited so that it cannot flood the terminal.
    void relay(event::Severity severity, std::string text, TimePoint now) {
        if (relayed_.take(now)) say(severity, std::move(text));
    }
    void answer(SubmitCallback callback, Outcome outcome) {
        actions_.emplace_back(action::Answer{std::move(callback), std::move(outcome)});
    }
    void close(Error error) { end_with(action::Close{std::move(error)}); }
    void redirect(action::Redirect where) { end_with(std::move(where)); }
    // The connection is closed.
    void end() { over_ = true; }

    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] std::vector<Action> take() { return std::exchange(actions_, {}); }

 private:
    template <typename Last>
    void end_with(Last last) {
        if (!std::exchange(over_, true)) actions_.emplace_back(std::move(last));
    }

    std::vector<Action> actions_;
    pool::Pace relayed_{20, std::chrono::seconds(5)};
    bool over_ = false;
};

// Unique request ids, so that answers may come in any order.
class RequestIds {
 public:
    std::int64_t next() { return ++last_; }

 private:
    std::int64_t last_ = 0;
};

}  // namespace lode::source::stratum
