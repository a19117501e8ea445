#include <nlohmann/json.hpp>

#include "status/fleet.h"
#include "status/machine.h"
#include "status/status_json.h"

namespace lode::status {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(const std::optional<double>& value) {
    return value ? ordered_json(*value) : ordered_json();
}

ordered_json report_json(const FleetReport& report) {
    return {{"version", report.version},
            {"source", report.source},
            {"network", report.network},
            {"ready", report.ready},
            {"not_ready", report.ready ? ordered_json() : ordered_json(report.not_ready)},
            {"paused", report.paused},
            {"hashrate", or_null(report.hashrate)},
            {"expected", or_null(report.expected)},
            {"accepted", report.accepted},
            {"refused", report.refused},
            {"best_difficulty", report.best_difficulty},
            {"blocks_found", report.blocks_found},
            {"temperature_c", or_null(report.temperature_c)},
            {"power_w", or_null(report.power_w)},
            {"uptime_s", report.uptime_s}};
}

ordered_json row(const std::string& name, const ordered_json& url, const ordered_json& error,
                 const ordered_json& age, ordered_json report) {
    return {{"name", name}, {"url", url}, {"error", error}, {"age_s", age}, {"report", std::move(report)}};
}

ordered_json machine_json(const FleetMachine& machine) {
    const auto age = std::chrono::duration<double>(Fleet::Clock::now() - machine.answered).count();
    return row(machine.member.name, machine.member.url.safe() + "/",
               machine.error ? ordered_json(machine.error->text()) : ordered_json(),
               machine.report ? ordered_json(age) : ordered_json(),
               machine.report ? report_json(*machine.report) : ordered_json());
}

}  // namespace

// This machine comes first.
ordered_json fleet_json(const State& state) {
    ordered_json machines = ordered_json::array();
    machines.push_back(
        row(machine_name(), nullptr, nullptr, 0.0, report_json(report_of(status_json(state)))));
    if (state.fleet != nullptr)
        for (const auto& machine : state.fleet->watch()) machines.push_back(machine_json(machine));
    return {{"machines", std::move(machines)}};
}

}  // namespace lode::status
