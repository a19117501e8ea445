// Detects a pool that gives no work.
#pragma once

#include <optional>

#include "lode/error.h"
#include "source/stratum/actions.h"
#include "source/stratum/session_options.h"

namespace lode::source::stratum {

class IdleWatch {
 public:
    explicit IdleWatch(const Timeouts& timeouts) : timeouts_(timeouts) {}  // which must outlive it

    void connected(TimePoint now) { last_line_ = last_job_ = now; }
    void line(TimePoint now) { last_line_ = now; }
    void job(TimePoint now) {
        last_job_ = now;
        has_job_ = true;
    }
    void bad_job(Error error) { bad_job_ = std::move(error); }

    // To be called after the handshake. An error if the pool has been idle for too long.
    [[nodiscard]] std::optional<Error> check(TimePoint now, TimePoint completed,
                                             TimePoint last_accepted) const;
    [[nodiscard]] bool has_job() const { return has_job_; }

 private:
    const Timeouts& timeouts_;
    TimePoint last_line_{}, last_job_{};
    bool has_job_ = false;
    std::optional<Error> bad_job_;  // of the last invalid mining.notify
};

}  // namespace lode::source::stratum
