// Actions that a pool session requests of its client, in order. The session itself does no I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "lode/error.h"
#include "lode/events.h"
#include "lode/source.h"

namespace lode::source::pool {

using TimePoint = std::chrono::steady_clock::time_point;

struct Place {
    std::string host;        // empty: the same
    std::uint16_t port = 0;  // 0: the same
};

namespace action {
struct Publish {
    JobPtr job;
};
struct Withdraw {};  // no work until the next Publish
struct Say {
    event::Severity severity = event::Severity::Info;
    std::string text;
};
struct Answer {
    SubmitCallback callback;
    Outcome outcome;
};
// These two end the session: only answers follow.
struct Close {
    Error error;
};
struct Redirect {
    Place to;
    std::chrono::seconds wait{0};
};
}  // namespace action

using Action = std::variant<action::Publish, action::Withdraw, action::Say, action::Answer, action::Close,
                            action::Redirect>;

// A session's actions include Send first, which its link performs.
template <typename Send>
using ActionOf = std::variant<Send, action::Publish, action::Withdraw, action::Say, action::Answer,
                              action::Close, action::Redirect>;

}  // namespace lode::source::pool
