// Where work comes from and where solutions go: a node, a pool, the local chain, a benchmark, or a failover
// of several.
//
// Threads: everything runs on the io thread. No callback, neither a JobSink member nor a SubmitCallback, is
// made from inside start() or submit(); they are posted.
//
// Lifetime: sink and source must both live until WorkSource::stop() and Engine::stop() have returned, called
// in either order. After that they may be destroyed in any order.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "lode/error.h"
#include "lode/events.h"
#include "lode/job.h"

namespace lode {

// The engine, as a source sees it.
class JobSink {
 public:
    virtual ~JobSink() = default;
    // Replaces the current job. job->clean: work on earlier jobs is stale.
    virtual void publish(JobPtr job) = 0;
    // As publish(), where the job is of another source than the one before (SwitchSource): solutions of
    // earlier jobs that were not stale so far are still submitted, whatever this source publishes later.
    virtual void take_over(JobPtr job) { publish(std::move(job)); }
    // No work until the next publish(): the session was lost, or a block ended the job. Earlier work is
    // stale.
    virtual void withdraw() = 0;
    // Passes an event to the observers: sources report SourceConnected, SourceLost and messages.
    virtual void report(const Event& event) = 0;
    // The source gives up: retries exhausted, or refused for good. Mining ends with this error.
    virtual void give_up(const Error& error) = 0;
};

using SubmitCallback = std::function<void(const Outcome&)>;

class WorkSource {
 public:
    WorkSource() = default;
    WorkSource(const WorkSource&) = delete;
    WorkSource& operator=(const WorkSource&) = delete;
    // Calls stop(). Not to be called from inside a callback of this source; post the destruction instead.
    virtual ~WorkSource() = default;

    [[nodiscard]] virtual std::string name() const = 0;  // URL without credentials, or "local"
    // Begins to connect; does not block. Called once.
    virtual void start(JobSink& sink) = 0;
    // The callback is called exactly once: with the answer, or with Unknown, by stop() at the latest.
    virtual void submit(const Solution& solution, SubmitCallback callback) = 0;
    // The measured hash rate of all devices, hashes per second: once they are open, then every few seconds.
    virtual void hashrate(double /*rate*/) {}
    // Closes connections and answers outstanding submissions with Unknown before it returns; no callback is
    // made after that. May be called from inside a callback, and more than once.
    virtual void stop() = 0;
};

}  // namespace lode
