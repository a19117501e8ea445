// Shares of a session: which to send, which are in flight, and the pool's answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "lode/source.h"
#include "source/pool/share_queue.h"
#include "source/stratum/actions.h"
#include "source/stratum/job_issuer.h"
#include "source/stratum/job_terms.h"
#include "source/stratum/messages.h"
#include "source/stratum/session_options.h"

namespace lode::source::stratum {

// Each solution is answered exactly once, through the outbox.
class Shares {
 public:
    // All must outlive it.
    Shares(const SessionOptions& options, RequestIds& ids, JobTerms& terms, JobIssuer& jobs, Outbox& outbox)
        : options_(options), ids_(ids), terms_(terms), jobs_(jobs), outbox_(outbox) {}

    void submit(const Solution& solution, SubmitCallback callback, TimePoint now);
    // Sends the shares that may be sent now, but none of a job that the next one makes stale.
    void send(TimePoint now);
    // False if it does not answer a share.
    bool answer(const Response& response, TimePoint now);
    void check_timeouts(TimePoint now);
    // A job was issued after `previous`, which may be null: drops waiting shares that it makes stale.
    void job_issued(const JobPtr& previous);
    // Answers all shares: with Unknown those that were sent.
    void end();

    // When send() may send more than now; nullopt if that depends on an answer.
    [[nodiscard]] std::optional<TimePoint> deadline() const;
    [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
    [[nodiscard]] TimePoint last_accepted() const { return last_accepted_; }

 private:
    struct Sent {
        pool::Share share;
        TimePoint since;
    };
    // Null if it is not stale.
    [[nodiscard]] const char* why_stale(const Solution& solution) const;
    void drop_waiting(const char* why);
    void learn(const Solution& solution, const Response& response, TimePoint now);

    const SessionOptions& options_;
    RequestIds& ids_;
    JobTerms& terms_;
    JobIssuer& jobs_;
    Outbox& outbox_;
    pool::ShareQueue queue_;
    std::map<std::int64_t, Sent> sent_;  // unanswered, by request id
    TimePoint last_answer_{}, last_accepted_{};
    std::uint64_t accepted_ = 0;
};

}  // namespace lode::source::stratum
