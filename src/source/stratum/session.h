// A Stratum session as a state machine without I/O: takes lines and the time, returns actions.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lode/source.h"
#include "source/stratum/actions.h"
#include "source/stratum/handshake.h"
#include "source/stratum/idle_watch.h"
#include "source/stratum/job_issuer.h"
#include "source/stratum/job_terms.h"
#include "source/stratum/messages.h"
#include "source/stratum/session_options.h"
#include "source/stratum/shares.h"

namespace lode::source::stratum {

// Passes each message to the responsible part, and lets the parts act in order.
class Session {
 public:
    // recent must outlive the session, and is shared by consecutive sessions.
    Session(SessionOptions options, pool::RecentJobs& recent);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void connected(TimePoint now);
    void line(std::string_view text, TimePoint now);
    // To be called after all lines of one read, and at deadline() at the latest: publishes a due job, sends
    // shares that may be sent, and handles time-outs.
    void settle(TimePoint now);
    [[nodiscard]] TimePoint deadline(TimePoint now) const;
    // The callback comes as an Answer, exactly once.
    void submit(const Solution& solution, SubmitCallback callback, TimePoint now) {
        shares_.submit(solution, std::move(callback), now);
    }
    // The connection is closed; answers shares in flight with Unknown.
    void disconnected();

    [[nodiscard]] std::vector<Action> take_actions() { return outbox_.take(); }

    [[nodiscard]] bool over() const { return outbox_.over(); }
    // If the pool disconnects now, configure may be the reason: the next attempt should omit it.
    [[nodiscard]] bool configure_in_doubt() const { return handshake_.configure_unanswered(); }
    // When the first job was published; nullopt before.
    [[nodiscard]] std::optional<TimePoint> working_since() const { return working_since_; }
    [[nodiscard]] std::uint64_t accepted() const { return shares_.accepted(); }
    [[nodiscard]] const std::string& session_id() const { return handshake_.session_id(); }

 private:
    void handle(const Notify& notify, TimePoint now);
    void handle(const SetDifficulty& message, TimePoint now);
    void handle(const SetExtranonce& message, TimePoint now);
    void handle(const SetVersionMask& message, TimePoint now);
    void handle(const Reconnect& message, TimePoint now);
    void handle(const ShowMessage& message, TimePoint now);
    void handle(const Request& message, TimePoint now);
    void handle(const Response& message, TimePoint now);
    void handle(const Remark& message, TimePoint now);

    void message(std::string_view text, TimePoint now);
    void not_understood(const Error& error, TimePoint now);
    void check_timeouts(TimePoint now);
    void publish_due(TimePoint now);

    const SessionOptions options_;
    Outbox outbox_;
    RequestIds ids_;
    JobTerms terms_;
    JobIssuer jobs_;
    Handshake handshake_;
    Shares shares_;
    IdleWatch idle_;
    std::optional<TimePoint> working_since_;
    unsigned bad_lines_ = 0;              // since the last job
    std::set<std::string> warned_about_;  // message fields, see not_understood()
};

}  // namespace lode::source::stratum
