#include "status/state.h"

#include <algorithm>

namespace lode::status {
namespace {

using namespace std::chrono_literals;

// Pools send a job every minute or so, nodes one with every block and after changes of their mempool. Blocks
// of the local chain may be as far apart as they like.
constexpr auto kFresh = 30min;
// A block ends its job; the next job comes with the answer.
constexpr auto kBetweenJobs = 30s;
constexpr std::string_view kLocal = "local";

}  // namespace

std::optional<std::string> not_ready(const State& state) {
    const Snapshot& now = state.snapshot;
    if (!state.loop_turns) return "the io thread does not answer";
    if (!now.source.connected_since)
        return "not connected" + (now.source.error ? ": " + now.source.error->text() : std::string());
    const auto running = [](const DeviceSnapshot& d) { return d.state == DeviceState::Running; };
    if (std::ranges::none_of(now.devices, running)) return "no device is running";
    if (now.paused) return "paused";
    if (!now.job && now.taken - state.record.chain().job_received() > kBetweenJobs) return "no job";
    if (now.job && now.job->network != kLocal && now.taken - now.job->received > kFresh)
        return "the last job is over 30 minutes old";
    return std::nullopt;
}

std::optional<double> hashes_per_joule(const DeviceSnapshot& device) {
    const auto rate = device.rates.over_10s, power = device.telemetry.power_w;
    return rate && power && *power > 0 ? std::optional(*rate / *power) : std::nullopt;
}

const char* state_name(DeviceState state) {
    switch (state) {
        case DeviceState::Opening:
            return "opening";
        case DeviceState::Running:
            return "running";
        case DeviceState::Failed:
            return "failed";
        case DeviceState::Retired:
            break;
    }
    return "retired";
}

const char* status_name(BlockStatus status) {
    switch (status) {
        case BlockStatus::Unknown:
            return "unknown";
        case BlockStatus::ShareAccepted:
            return "share accepted";
        case BlockStatus::Accepted:
            return "accepted";
        case BlockStatus::Rejected:
            return "rejected";
        case BlockStatus::Stale:
            break;
    }
    return "stale";
}

double unix_seconds(std::chrono::system_clock::time_point time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace lode::status
