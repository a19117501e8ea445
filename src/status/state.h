// The input of every answer.
#pragma once

#include <optional>
#include <string>

#include "lode/snapshot.h"
#include "status/record.h"

namespace lode::status {

class Fleet;

// Valid during one answer, on the server's thread.
struct State {
    const Snapshot& snapshot;
    const Record& record;
    bool loop_turns = true;  // the io thread has answered lately
    std::uint64_t events_dropped = 0;
    Fleet* fleet = nullptr;      // other machines; null: none
    std::uint64_t revision = 0;  // the same: nothing has changed since; 0: unknown
};

// Why lode is not ready; nothing if it is.
std::optional<std::string> not_ready(const State& state);

// Absent where rate or power is.
std::optional<double> hashes_per_joule(const DeviceSnapshot& device);

const char* state_name(DeviceState state);  // "opening", "running", "failed", "retired"
const char* status_name(BlockStatus status);
double unix_seconds(std::chrono::system_clock::time_point time);

}  // namespace lode::status
