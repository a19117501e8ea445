#include "status/fleet_report.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "util/hex.h"

namespace lode::status {
namespace {

using nlohmann::ordered_json;

constexpr double kMost = 1e30;  // of any number in a report, so that sums stay finite

const ordered_json& member(const ordered_json& object, const char* key) {
    static const ordered_json kNone;
    if (!object.is_object()) return kNone;
    const auto found = object.find(key);
    return found == object.end() ? kNone : *found;
}

std::optional<double> number(const ordered_json& value) {
    if (!value.is_number()) return std::nullopt;
    const auto number = value.get<double>();
    return std::isfinite(number) && number >= 0 && number <= kMost ? std::optional(number) : std::nullopt;
}

std::uint64_t count(const ordered_json& value) {
    return value.is_number_unsigned() ? std::min(value.get<std::uint64_t>(), std::uint64_t{1} << 53) : 0;
}

std::string text(const ordered_json& value) {
    return value.is_string() ? util::printable(value.get_ref<const std::string&>(), 100) : "";
}

bool is_true(const ordered_json& value) {
    return value.is_boolean() && value.get<bool>();
}

void add_devices(FleetReport& report, const ordered_json& devices) {
    if (!devices.is_array()) return;
    for (const auto& device : devices) {
        if (const auto power = number(member(device, "power_w")))
            report.power_w = report.power_w.value_or(0) + *power;
        if (const auto temperature = number(member(device, "temperature_c")))
            report.temperature_c = std::max(report.temperature_c.value_or(0), *temperature);
    }
}

// On a node or the local chain there are no shares, only blocks.
void add_answers(FleetReport& report, const ordered_json& status) {
    const auto& shares = member(status, "shares");
    report.accepted = count(member(shares, "accepted"));
    report.refused = count(member(shares, "rejected")) + count(member(shares, "stale"));
    if (report.accepted == 0) report.accepted = count(member(status, "blocks_accepted"));
}

}  // namespace

FleetReport report_of(const ordered_json& status) {
    FleetReport report;
    report.version = text(member(status, "version"));
    report.source = text(member(member(status, "source"), "source"));
    report.network = text(member(member(status, "job"), "network"));
    report.ready = is_true(member(status, "ready"));
    report.paused = is_true(member(status, "paused"));
    report.not_ready = text(member(status, "not_ready"));
    const auto& rates = member(status, "hashrate");
    for (const char* window : {"60s", "10s"})
        if (!report.hashrate) report.hashrate = number(member(rates, window));
    report.uptime_s = number(member(status, "uptime_s")).value_or(0);
    const auto hashes = number(member(status, "hashes"));
    if (!report.hashrate && hashes && report.uptime_s > 0) report.hashrate = *hashes / report.uptime_s;
    report.expected = number(member(rates, "expected"));
    add_answers(report, status);
    report.best_difficulty = number(member(status, "best_difficulty")).value_or(0);
    report.blocks_found = count(member(status, "blocks_found"));
    add_devices(report, member(status, "devices"));
    return report;
}

Result<FleetReport> parse_report(std::string_view body) {
    const auto status = ordered_json::parse(body, nullptr, false);
    if (!status.is_object() || !member(status, "hashrate").is_object())
        return fail(ErrorKind::Malformed, "the answer is not a lode's status");
    return report_of(status);
}

}  // namespace lode::status
