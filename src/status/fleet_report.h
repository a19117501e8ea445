// Another lode's status, as a row of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "lode/result.h"

namespace lode::status {

// Absent: unknown.
struct FleetReport {
    std::string version, source, network;
    bool ready = false, paused = false;
    std::string not_ready;  // why it does not mine; empty where it does
    std::optional<double> hashrate, expected;
    std::uint64_t accepted = 0,
                  refused = 0;  // shares, blocks where there are none; refused: rejected or stale
    double best_difficulty = 0;
    std::uint64_t blocks_found = 0;
    std::optional<double> temperature_c;  // of the hottest device
    std::optional<double> power_w;        // of all devices
    double uptime_s = 0;
};

// From the object of /api/v1/status. What is missing or of another type counts as unknown.
FleetReport report_of(const nlohmann::ordered_json& status);
// The same from untrusted bytes.
Result<FleetReport> parse_report(std::string_view body);

}  // namespace lode::status
