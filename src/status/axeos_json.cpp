#include "status/axeos_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "chain/target.h"
#include "lode/version.h"
#include "status/machine.h"
#include "status/source_place.h"
#include "util/hex.h"

namespace lode::status {
namespace {

using nlohmann::ordered_json;

constexpr double kGiga = 1e9;
constexpr const char* kModel = "lode";

// The hottest device, the power of all.
struct Telemetry {
    double temperature = 0, power = 0, clock = 0, fan = 0;
};

Telemetry telemetry(const Snapshot& now) {
    Telemetry all;
    for (const auto& device : now.devices) {
        all.temperature = std::max(all.temperature, device.telemetry.temperature_c.value_or(0));
        all.power += device.telemetry.power_w.value_or(0);
        all.clock = std::max(all.clock, device.telemetry.clock_mhz.value_or(0));
        all.fan = std::max(all.fan, device.telemetry.fan_percent.value_or(0));
    }
    return all;
}

std::string mac_address() {
    std::string text;
    const std::string id = machine_id();
    for (std::size_t i = 0; i < id.size(); i += 2) text += (i > 0 ? ":" : "") + id.substr(i, 2);
    return text;
}

ordered_json reasons_json(const ShareCounts& shares) {
    ordered_json list = ordered_json::array();
    for (const auto& reason : shares.reasons)
        list.push_back({{"message", reason.text}, {"count", reason.count}});
    return list;
}

// Mean over the last seconds, as far as the history goes.
double mean_rate(const Record& record, double seconds) {
    const auto* hour = record.history().find("1h");
    double sum = 0;
    std::size_t count = 0;
    const auto& points = hour->points();
    for (auto point = points.rbegin(); point != points.rend(); ++point, ++count) {
        if (points.back().time - point->time >= seconds) break;
        sum += point->rate;
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::uint64_t accepted(const State& state) {
    std::uint64_t sum = state.snapshot.shares.accepted;
    if (sum == 0)
        for (const auto& [source, counts] : state.record.blocks_by_source()) sum += counts.accepted;
    return sum;
}

}  // namespace

ordered_json axeos_info(const State& state) {
    const Snapshot& now = state.snapshot;
    const auto [temperature, power, clock, fan] = telemetry(now);
    const auto place = source_place(now.source.name);
    const double rate = now.rates.over_10s ? *now.rates.over_10s : mean_rate(state.record, 10);
    return {{"ASICModel", kModel},
            {"deviceModel", now.devices.empty() ? kModel : util::printable(now.devices[0].name)},
            {"boardVersion", ""},
            {"hostname", machine_name()},
            {"macAddr", mac_address()},
            {"version", kVersion},
            {"axeOSVersion", kVersion},
            {"idfVersion", ""},
            {"runningPartition", ""},
            {"uptimeSeconds", now.uptime.count() / 1000},
            {"hashRate", rate / kGiga},
            {"hashRate_1m", mean_rate(state.record, 60) / kGiga},
            {"hashRate_10m", mean_rate(state.record, 600) / kGiga},
            {"hashRate_1h", mean_rate(state.record, 3600) / kGiga},
            {"expectedHashrate", state.record.expected_rate() / kGiga},
            {"power", power},
            {"maxPower", 0},
            {"voltage", 0},
            {"nominalVoltage", 0},
            {"current", 0},
            {"coreVoltage", 0},
            {"coreVoltageActual", 0},
            {"frequency", clock},
            {"temp", temperature},
            {"tempMax", temperature},
            {"temptarget", 0},
            {"vrTemp", 0},
            {"vrTempMax", 0},
            {"fanrpm", 0},
            {"fanspeed", fan},
            {"autofanspeed", 1},
            {"minimumFanSpeed", 0},
            {"sharesAccepted", accepted(state)},
            {"sharesRejected", now.shares.rejected + now.shares.stale},
            {"sharesRejectedReasons", reasons_json(now.shares)},
            {"bestDiff", now.best_difficulty_ever},
            {"bestSessionDiff", now.best_difficulty},
            {"poolDifficulty", now.source.difficulty.value_or(0)},
            {"responseTime", now.source.latency ? now.source.latency->count() : 0},
            {"stratumURL", place.host},
            {"stratumPort", place.port},
            {"stratumUser", ""},
            {"stratumSuggestedDifficulty", 0},
            {"stratumExtranonceSubscribe", false},
            {"fallbackStratumURL", ""},
            {"fallbackStratumPort", 0},
            {"fallbackStratumUser", ""},
            {"fallbackStratumSuggestedDifficulty", 0},
            {"fallbackStratumExtranonceSubscribe", false},
            {"isUsingFallbackStratum", 0},
            {"blockHeight", now.job && now.job->height > 0 ? now.job->height : 0},
            {"networkDifficulty", now.job ? chain::difficulty_of_bits(now.job->bits) : 0.0},
            {"blockFound", now.blocks_found},
            {"miningPaused", now.paused},
            {"smallCoreCount", now.devices.size()},
            {"freeHeap", 0},
            {"isPSRAMAvailable", 0},
            {"overheat_mode", 0},
            {"overclockEnabled", 0},
            {"power_fault", ""},
            {"ssid", ""},
            {"wifiStatus", ""},
            {"wifiRSSI", 0},
            {"apEnabled", 0},
            {"rotation", 0},
            {"invertscreen", 0},
            {"displayTimeout", 0},
            {"statsFrequency", 5}};
}

ordered_json axeos_asic(const State& state) {
    const double clock = telemetry(state.snapshot).clock;
    return {{"ASICModel", kModel},       {"deviceModel", kModel},
            {"swarmColor", "orange"},    {"asicCount", state.snapshot.devices.size()},
            {"defaultFrequency", clock}, {"frequencyOptions", {clock}},
            {"defaultVoltage", 0},       {"voltageOptions", {0}}};
}

// The points of the last hour; times in milliseconds since the start.
ordered_json axeos_statistics(const State& state) {
    const Snapshot& now = state.snapshot;
    const double started = unix_seconds(now.taken - now.uptime);
    ordered_json points = ordered_json::array();
    for (const auto& point : state.record.history().find("1h")->points())
        points.push_back({point.rate / kGiga, point.latency_ms, (point.time - started) * 1000});
    return {{"currentTimestamp", now.uptime.count()},
            {"labels", {"hashrate", "responseTime", "timestamp"}},
            {"statistics", std::move(points)}};
}

}  // namespace lode::status
