#include "status/status_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "chain/target.h"
#include "lode/version.h"
#include "status/event_json.h"
#include "status/fleet.h"
#include "util/hex.h"

namespace lode::status {
namespace {

using nlohmann::ordered_json;

template <typename T>
ordered_json or_null(const std::optional<T>& value) {
    return value ? ordered_json(*value) : ordered_json();
}

ordered_json error_or_null(const std::optional<Error>& error) {
    return error ? ordered_json(util::printable(error->text(), 500)) : ordered_json();
}

ordered_json height_or_null(std::int64_t height) {
    return height < 0 ? ordered_json() : ordered_json(height);
}

// What was not measured is null, and so is 0.
ordered_json rates_json(const HashRates& rates, double expected) {
    return {{"10s", or_null(rates.over_10s)},
            {"60s", or_null(rates.over_60s)},
            {"15m", or_null(rates.over_15min)},
            {"expected", expected > 0 ? ordered_json(expected) : ordered_json()}};
}

ordered_json counts_json(const ShareCounts& shares) {
    ordered_json reasons = ordered_json::array();
    for (const auto& reason : shares.reasons)
        reasons.push_back(
            {{"result", result_name(reason.result)}, {"reason", reason.text}, {"count", reason.count}});
    return {{"accepted", shares.accepted},
            {"rejected", shares.rejected},
            {"stale", shares.stale},
            {"unknown", shares.unknown},
            {"reasons", std::move(reasons)}};
}

ordered_json device_json(const DeviceSnapshot& device, double expected) {
    const auto& telemetry = device.telemetry;
    return {{"device", device.id},
            {"backend", device.backend},
            {"name", util::printable(device.name)},
            {"kernel", device.kernel},
            {"state", state_name(device.state)},
            {"error", error_or_null(device.error)},
            {"failures", device.failures},
            {"hashes", device.hashes},
            {"hardware_errors", device.hardware_errors},
            {"hashrate", rates_json(device.rates, expected)},
            {"temperature_c", or_null(telemetry.temperature_c)},
            {"power_w", or_null(telemetry.power_w)},
            {"power_limit_w", or_null(telemetry.power_limit_w)},
            {"clock_mhz", or_null(telemetry.clock_mhz)},
            {"fan_percent", or_null(telemetry.fan_percent)},
            {"hashes_per_joule", or_null(hashes_per_joule(device))},
            {"shares", counts_json(device.shares)}};
}

ordered_json source_json(const SourceSnapshot& source) {
    return {{"source", source.name},
            {"connected", source.connected_since.has_value()},
            {"connected_since",
             source.connected_since ? ordered_json(unix_seconds(*source.connected_since)) : ordered_json()},
            {"error", error_or_null(source.error)},
            {"difficulty", or_null(source.difficulty)},
            {"latency_ms", source.latency ? ordered_json(source.latency->count()) : ordered_json()}};
}

ordered_json job_json(const JobSnapshot& job) {
    return {{"id", util::printable(job.id)},
            {"height", height_or_null(job.height)},
            {"network", job.network},
            {"bits", fmt::format("{:08x}", job.bits)},
            {"difficulty", job.difficulty},
            {"network_difficulty", chain::difficulty_of_bits(job.bits)},
            {"received", unix_seconds(job.received)},
            {"judgement", job.judgement},
            {"judgement_detail", util::printable(job.judgement_detail)}};
}

ordered_json blocks_json(const std::vector<FoundBlock>& found) {
    ordered_json blocks = ordered_json::array();
    for (const auto& block : found)
        blocks.push_back({{"height", height_or_null(block.height)},
                          {"hash", block.hash.hex()},
                          {"network", block.network},
                          {"device", block.device},
                          {"difficulty", block.difficulty},
                          {"found", unix_seconds(block.found)},
                          {"result", status_name(block.status)},
                          {"reason", block.reason}});
    return blocks;
}

}  // namespace

ordered_json status_json(const State& state) {
    const Snapshot& now = state.snapshot;
    ordered_json devices = ordered_json::array();
    for (const auto& device : now.devices)
        devices.push_back(device_json(device, state.record.expected_rate(device.id)));
    const auto reason = not_ready(state);
    return {{"version", kVersion},
            {"time", unix_seconds(now.taken)},
            {"uptime_s", std::chrono::duration<double>(now.uptime).count()},
            {"ready", !reason},
            {"not_ready", or_null(reason)},
            {"paused", now.paused},
            {"hashes", now.hashes},
            {"hardware_errors", now.hardware_errors},
            {"hashrate", rates_json(now.rates, state.record.expected_rate())},
            {"devices", std::move(devices)},
            {"source", source_json(now.source)},
            {"job", now.job ? job_json(*now.job) : ordered_json()},
            {"jobs_doubted", now.jobs_doubted},
            {"shares", counts_json(now.shares)},
            {"best_difficulty", now.best_difficulty},
            {"best_difficulty_ever", now.best_difficulty_ever},
            {"blocks_found", now.blocks_found},
            {"blocks_accepted", now.blocks_accepted},
            {"blocks", blocks_json(now.blocks)},
            {"fleet", state.fleet != nullptr ? state.fleet->size() : 0}};
}

}  // namespace lode::status
