// Mining events, for observers. Delivered on the io thread, in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lode/device.h"
#include "lode/error.h"
#include "lode/job.h"

namespace lode {

// How a submission ended. Unknown: the session was lost before the answer.
struct Outcome {
    enum class Status { Accepted, Rejected, Stale, Unknown } status = Status::Unknown;
    std::string reason;  // as the other side states it, made printable
};

namespace event {

struct JobReceived {
    JobPtr job;
    std::string source;  // URL without credentials, or "local"
};
struct JobStarted {  // a device has begun to scan it
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
// A block that was found at a pool is in the chain; until then all that is known is that its share was
// accepted. May come before the share's answer.
struct BlockConfirmed {
    Hash256 hash;
    std::int64_t height = -1;  // -1 where unknown
    std::string by;            // who has seen it: "the header tree", "the pool's next job"
};
struct Retarget {
    std::int64_t height = 0;  // first height with the new difficulty
    std::uint32_t old_bits = 0, new_bits = 0;
    double old_difficulty = 0, new_difficulty = 0;
};
struct Reorganisation {
    std::int64_t depth = 0;  // blocks disconnected from the old branch
    Hash256 old_tip, new_tip;
    std::int64_t height = 0;  // of the new tip
};
// How a job compares with the chain tracker's best chain: "tip", "behind", "ahead", "fork", "unknown-chain",
// "wrong-bits", "bad-time".
struct Judgement {
    JobPtr job;
    std::string verdict;
    std::string detail;
};
struct DeviceHashrate {
    std::string device;
    double rate = 0;  // hashes per second
    DeviceTelemetry telemetry;
};
struct Hashrate {
    double total = 0, total_60s = 0, total_15m = 0;
    std::vector<DeviceHashrate> devices;
};
// A device is named by DeviceEntry::id.
struct DeviceOpened {
    std::string device;
    DeviceInfo info;
};
struct DeviceFailed {  // could not be opened, or stopped working
    std::string device;
    Error error;
    std::chrono::milliseconds retry_in{};  // until it is reopened
};
struct DeviceRetired {  // failed too often
    std::string device;
    Error error;
};
// A source is named by WorkSource::name().
struct SourceConnected {
    std::string source;
    std::string detail;  // "with TLS"; may be empty
};
struct SourceLost {  // the connection, or the attempt to make it
    std::string source;
    Error error;
    std::optional<std::chrono::milliseconds> retry_in;  // absent: not tried again
};
struct SourceSwitched {  // by a failover, or because somebody asked for it
    std::string from, to;
    bool back = false;   // to an earlier source of the list, which works again
    bool asked = false;  // no failover
};
enum class Severity { Debug, Info, Warning, Error };
struct Message {  // what has no event of its own: one line of text
    Severity severity = Severity::Info;
    std::string text;  // printable
};

}  // namespace event

using Event = std::variant<event::JobReceived, event::JobStarted, event::BlockResult, event::ShareResult,
                           event::BlockConfirmed, event::Retarget, event::Reorganisation, event::Judgement,
                           event::Hashrate, event::DeviceOpened, event::DeviceFailed, event::DeviceRetired,
                           event::SourceConnected, event::SourceLost, event::SourceSwitched, event::Message>;

class Observer {
 public:
    virtual ~Observer() = default;
    virtual void on(const Event& event) = 0;
};

// Totals since the start. Stale counts blocks and shares, before or after they were sent. Of blocks, blocks
// counts those that the source accepted (at a pool: the share), blocks_accepted those that the network has.
struct Totals {
    std::uint64_t blocks_found = 0, blocks_accepted = 0;
    std::uint64_t blocks = 0, blocks_rejected = 0, shares_accepted = 0, shares_rejected = 0, stale = 0,
                  unknown = 0, hardware_errors = 0, hashes = 0;
    std::uint64_t jobs_doubted = 0;  // judgements other than "tip"
    double seconds = 0;
};

}  // namespace lode
