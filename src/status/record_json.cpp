#include <nlohmann/json.hpp>

#include "status/event_json.h"
#include "status/status_json.h"

namespace lode::status {

using nlohmann::ordered_json;

ordered_json shares_json(const State& state) {
    ordered_json shares = ordered_json::array();
    for (const auto& share : state.record.shares())
        shares.push_back({{"time", unix_seconds(share.time)},
                          {"difficulty", share.difficulty},
                          {"target", share.target},
                          {"result", result_name(share.outcome.status)},
                          {"reason", share.outcome.reason},
                          {"ms", share.latency.count()},
                          {"device", share.device},
                          {"block", share.block}});
    return {{"shares", std::move(shares)}};
}

// A list for each column: shorter than an object for each point.
ordered_json history_json(const State& state, const HistoryWindow& window) {
    ordered_json time = ordered_json::array(), rate = time, accepted = time, refused = time, latency = time;
    const auto& names = state.record.history().devices();
    std::vector<ordered_json> rates(names.size(), ordered_json::array());
    for (const auto& point : window.points()) {
        time.push_back(point.time);
        rate.push_back(point.rate);
        accepted.push_back(point.accepted);
        refused.push_back(point.refused);
        latency.push_back(point.latency_ms);
        for (std::size_t i = 0; i < names.size(); ++i)
            rates[i].push_back(i < point.devices.size() ? ordered_json(point.devices[i]) : ordered_json());
    }
    ordered_json devices = ordered_json::object();
    for (std::size_t i = 0; i < names.size(); ++i) devices[names[i]] = std::move(rates[i]);
    return {{"window", window.name()},       {"interval_s", window.interval().count()},
            {"time", std::move(time)},       {"hashrate", std::move(rate)},
            {"devices", std::move(devices)}, {"accepted", std::move(accepted)},
            {"refused", std::move(refused)}, {"latency_ms", std::move(latency)}};
}

}  // namespace lode::status
