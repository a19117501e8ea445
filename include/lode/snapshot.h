// The state of a mining session at one moment, as a value: everything a status page shows.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lode/device.h"
#include "lode/error.h"
#include "lode/events.h"
#include "lode/header.h"

namespace lode {

// Mean hashes per second over a window that ends with the last Engine::tick(); absent until the engine has
// been measured for that long.
struct HashRates {
    std::optional<double> over_10s, over_60s, over_15min;
};

// Share results since the start. Stale includes shares dropped unsent; unknown are shares whose answer never
// came.
struct ShareCounts {
    std::uint64_t accepted = 0, rejected = 0, stale = 0, unknown = 0;

    struct Reason {
        Outcome::Status result = Outcome::Status::Rejected;  // never Accepted
        std::string text;                                    // as the other side states it, made printable
        std::uint64_t count = 0;
    };
    static constexpr std::size_t kMaxReasons = 32;  // further reasons are counted as "other reasons"
    std::vector<Reason> reasons;                    // in order of first occurrence
};

enum class DeviceState {
    Opening,  // being opened and tested, for the first time or again
    Running,
    Failed,   // closed; reopened after a pause
    Retired,  // failed too often, not used any more
};

struct DeviceSnapshot {
    std::string id, backend;       // as in DeviceEntry
    std::string name, kernel;      // kernel: empty until it was opened
    std::vector<unsigned> cpus{};  // as in DeviceInfo
    DeviceState state = DeviceState::Opening;
    std::optional<Error> error;  // the last failure; absent while it runs
    std::uint64_t failures = 0;
    std::uint64_t hashes = 0;
    std::uint64_t hardware_errors = 0;  // hits that did not verify
    HashRates rates;
    DeviceTelemetry telemetry;  // a few seconds old
    ShareCounts shares;
};

struct SourceSnapshot {
    std::string name;  // URL without credentials; of a failover, the one in use
    std::optional<std::chrono::system_clock::time_point> connected_since;  // absent: not connected
    std::optional<Error> error;                        // why the connection was lost; absent while connected
    std::optional<double> difficulty;                  // of a share, as stated by the last job
    std::optional<std::chrono::milliseconds> latency;  // from submission to answer, of the last answer
};

struct JobSnapshot {
    std::string id;            // the source's name for it
    std::int64_t height = -1;  // -1: unknown
    std::string network;       // "main", "local", …; empty: unknown
    std::uint32_t bits = 0;
    double difficulty = 0;  // of a share
    std::chrono::system_clock::time_point received;
    std::string judgement, judgement_detail;  // as in event::Judgement; empty: jobs are not judged
};

enum class BlockStatus {
    Unknown,        // no answer, or none yet
    ShareAccepted,  // the pool took the share; whether the network took the block is not known
    Accepted,       // by the network: a node, or the local chain, has connected it; see BlockConfirmed
    Rejected,
    Stale,  // another block, or a newer job, came first
};

struct FoundBlock {
    Hash256 hash;
    std::int64_t height = -1;  // -1: unknown
    std::string network, device;
    double difficulty = 0;  // of the hash itself
    std::chrono::system_clock::time_point found;
    BlockStatus status = BlockStatus::Unknown;
    std::string reason;  // as the other side states it, made printable
};

struct Snapshot {
    std::chrono::system_clock::time_point taken;
    std::chrono::milliseconds uptime{};  // from Engine::start() to stop(), or to now
    bool paused = false;                 // by Engine::pause_devices()
    std::uint64_t hashes = 0;
    std::uint64_t hardware_errors = 0;
    HashRates rates;
    std::vector<DeviceSnapshot> devices;  // in the order given to the engine
    SourceSnapshot source;
    std::optional<JobSnapshot> job;  // absent: no work
    std::uint64_t jobs_doubted = 0;  // judgements other than "tip"
    ShareCounts shares;
    double best_difficulty = 0;       // of any hash found; 0: none yet
    double best_difficulty_ever = 0;  // the same with earlier sessions, EngineOptions::best_difficulty_before
    static constexpr std::size_t kMaxBlocks = 64;
    std::vector<FoundBlock> blocks;  // oldest first, the newest kMaxBlocks of all that were found
    std::uint64_t blocks_found = 0, blocks_accepted = 0;  // the latter by the network
};

}  // namespace lode
