// The examination of one connection as a state machine without I/O: what was received and the time go in,
// what is to be sent comes out.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "doctor/job_exam.h"
#include "lode/error.h"

namespace lode::doctor {

struct PoolExamOptions {
    std::string user, password, user_agent;
    JobExamOptions job;
    std::chrono::milliseconds answer{10'000};  // to a request; less where silence is common
    std::chrono::milliseconds first_job{30'000};
    std::chrono::milliseconds listen{10'000};
};

class Exam {
 public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Exam() = default;
    Exam(const Exam&) = delete;
    Exam& operator=(const Exam&) = delete;
    virtual ~Exam() = default;

    virtual void tick(TimePoint now) = 0;
    [[nodiscard]] TimePoint deadline() const { return deadline_; }  // of the next tick()
    // After the listening: done() is false again.
    virtual void begin_probe(TimePoint now) = 0;
    // By the other side, or because of its errors.
    virtual void closed(const Error& error) = 0;

    [[nodiscard]] bool done() const { return done_; }
    // Nothing more can be learnt: the connection is lost, or the pool does not do its part.
    [[nodiscard]] bool over() const { return over_; }
    // Why nothing could be examined; absent once there was a job, or a rule was broken.
    [[nodiscard]] const std::optional<Error>& failed() const { return failed_; }
    // The last job that could be read; null before the first.
    [[nodiscard]] virtual JobPtr job() const = 0;

 protected:
    TimePoint deadline_{};
    bool done_ = false, over_ = false;
    std::optional<Error> failed_;
};

}  // namespace lode::doctor
