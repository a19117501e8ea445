// What clients of AxeOS, the firmware of the Bitaxe, read: /api/system/info, /asic and /statistics
// (github.com/bitaxeorg/ESP-Miner, main/http_server/openapi.yaml). Rates in GH/s; what lode does not have (a
// display, Wi-Fi, a voltage) is 0 or empty.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "status/state.h"

namespace lode::status {

nlohmann::ordered_json axeos_info(const State& state);
nlohmann::ordered_json axeos_asic(const State& state);
nlohmann::ordered_json axeos_statistics(const State& state);

}  // namespace lode::status
