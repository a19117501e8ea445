// Where work comes from and where solutions go: a node, a pool, the local chain, a benchmark, or a failover
// of several.
#pragma once

#include <functional>
#include <string>

#include "lode/error.h"
#include "lode/events.h"
#include "lode/job.h"

namespace lode {

// The engine, as a source sees it. Call on the io thread only.
class JobSink {
 public:
    virtual ~JobSink() = default;
    // Replaces the current job. job->clean: work on earlier jobs is stale.
    virtual void publish(JobPtr job) = 0;
    // No work until the next publish(): the session is lost, or a block ended the job. Earlier work is stale.
    virtual void withdraw() = 0;
    // Events for whoever watches.
    virtual void report(const Event& event) = 0;
    // The source gives up: retries spent, refused for good. Mining ends with this error.
    virtual void give_up(const Error& error) = 0;
};

using SubmitCallback = std::function<void(const Outcome&)>;

// Lives on the io thread: every call comes on it, every callback is made on it.
class WorkSource {
 public:
    WorkSource() = default;
    WorkSource(const WorkSource&) = delete;
    WorkSource& operator=(const WorkSource&) = delete;
    virtual ~WorkSource() = default;

    [[nodiscard]] virtual std::string name() const = 0;  // URL without credentials, or "local"
    // Begins connecting; the sink outlives the source. Returns at once.
    virtual void start(JobSink& sink) = 0;
    // Called once a solution; the callback comes exactly once, also after stop() (then with Unknown).
    virtual void submit(const Solution& solution, SubmitCallback callback) = 0;
    // Ends connections; no publish() after it.
    virtual void stop() = 0;
};

}  // namespace lode
