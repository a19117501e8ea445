// mining.configure, mining.subscribe, mining.authorize.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "source/stratum/actions.h"
#include "source/stratum/job_terms.h"
#include "source/stratum/messages.h"
#include "source/stratum/session_options.h"

namespace lode::source::stratum {

// Negotiated values go into the terms; a refusal closes the session. Each step follows the answer to the
// previous one; the session also continues without an answer to configure or authorize.
class Handshake {
 public:
    // All must outlive it.
    Handshake(const SessionOptions& options, RequestIds& ids, JobTerms& terms, Outbox& outbox)
        : options_(options), ids_(ids), terms_(terms), outbox_(outbox) {}

    void begin(TimePoint now);
    // False if it answers none of the handshake's requests.
    bool answer(const Response& response, TimePoint now);
    // has_job: the pool has sent a job, so mining can begin without an answer to authorize.
    void check_timeouts(TimePoint now, bool has_job);

    // When the user was accepted; jobs are not published before.
    [[nodiscard]] std::optional<TimePoint> completed() const { return completed_; }
    // configure was sent without an answer, and no later step has succeeded: it may be the reason of a
    // disconnect.
    [[nodiscard]] bool configure_unanswered() const { return configure_.waits() && step_ <= Step::Subscribe; }
    [[nodiscard]] const std::string& session_id() const { return session_id_; }

 private:
    enum class Step { Configure, Subscribe, Authorize, Complete };
    struct Request {
        std::int64_t id = 0;  // 0: not sent, or answered
        TimePoint since;
        [[nodiscard]] bool waits() const { return id != 0; }
        [[nodiscard]] bool waits_since(TimePoint now, TimePoint::duration timeout) const {
            return waits() && now - since > timeout;
        }
    };
    void ask(Request& request, TimePoint now) { request = {ids_.next(), now}; }
    void subscribe(TimePoint now);
    void configured(const Response& response, TimePoint now);
    void subscribed(const Response& response, TimePoint now);
    void authorized(const Response& response, TimePoint now);

    const SessionOptions& options_;
    RequestIds& ids_;
    JobTerms& terms_;
    Outbox& outbox_;
    Step step_ = Step::Configure;
    Request configure_, subscribe_, authorize_;
    // Optional: many pools support neither.
    Request extranonce_subscribe_, suggest_difficulty_;
    bool extranonce_subscribed_ = false;  // by configure
    std::optional<TimePoint> completed_;
    std::string session_id_;
};

}  // namespace lode::source::stratum
