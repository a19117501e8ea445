// What happens while mining, for whoever watches. Delivered on the io thread, in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lode/device.h"
#include "lode/job.h"

namespace lode {

// How a submission ended. Unknown: the session was lost before the answer.
struct Outcome {
    enum class Status { Accepted, Rejected, Stale, Unknown } status = Status::Unknown;
    std::string reason;  // the other side's own words, made printable
};

namespace event {

struct JobReceived {
    JobPtr job;
    std::string source;  // URL without credentials, or "local"
};
struct JobStarted {  // a device has begun on it
    JobPtr job;
    std::chrono::microseconds latency{};  // from Job::received to the first scan enqueued
};
struct BlockResult {  // solo block, or a pool share that met the block target
    Solution solution;
    Outcome outcome;
    std::chrono::milliseconds latency{};
};
struct ShareResult {
    Solution solution;
    Outcome outcome;
    std::chrono::milliseconds latency{};
};
struct Retarget {
    std::int64_t height = 0;  // first height at which it holds
    std::uint32_t old_bits = 0, new_bits = 0;
    double old_difficulty = 0, new_difficulty = 0;
};
struct Reorganisation {
    std::int64_t depth = 0;  // blocks of the old branch that were left
    Hash256 old_tip, new_tip;
    std::int64_t height = 0;  // of the new tip
};
// What the chain tracker thinks of a job: "tip", "behind", "ahead", "fork", "unknown-chain", "wrong-bits",
// "bad-time".
struct Judgement {
    JobPtr job;
    std::string verdict;
    std::string detail;
};
struct DeviceHashrate {
    std::string device;
    double rate = 0;  // hashes a second
    DeviceTelemetry telemetry;
};
struct Hashrate {
    double total = 0, total_60s = 0, total_15m = 0;
    std::vector<DeviceHashrate> devices;
};
enum class Severity { Debug, Info, Warning, Error };
struct Message {  // connections, retries, device failures: one line for a person
    Severity severity = Severity::Info;
    std::string text;  // printable
};

}  // namespace event

using Event =
    std::variant<event::JobReceived, event::JobStarted, event::BlockResult, event::ShareResult,
                 event::Retarget, event::Reorganisation, event::Judgement, event::Hashrate, event::Message>;

class Observer {
 public:
    virtual ~Observer() = default;
    virtual void on(const Event& event) = 0;
};

// Totals since the start. Stale counts blocks and shares, before or after they were sent.
struct Totals {
    std::uint64_t blocks = 0, blocks_rejected = 0, shares_accepted = 0, shares_rejected = 0, stale = 0,
                  unknown = 0, hardware_errors = 0, hashes = 0;
    std::uint64_t jobs_doubted = 0;  // judgements other than "tip"
    double seconds = 0;
};

}  // namespace lode
