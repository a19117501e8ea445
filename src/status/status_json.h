// The state as JSON objects; their schemas: share/openapi/openapi.json.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "status/state.h"

namespace lode::status {

nlohmann::ordered_json status_json(const State& state);
nlohmann::ordered_json shares_json(const State& state);                                // /api/v1/shares
nlohmann::ordered_json chain_json(const State& state, std::size_t max_blocks);         // /api/v1/chain
nlohmann::ordered_json history_json(const State& state, const HistoryWindow& window);  // /api/v1/history
nlohmann::ordered_json fleet_json(const State& state);                                 // /api/v1/fleet

}  // namespace lode::status
