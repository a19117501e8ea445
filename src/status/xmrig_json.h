// What clients of XMRig's HTTP API read: /1/summary, /2/summary and /2/backends (github.com/xmrig/xmrig,
// doc/API.md). Rates are hashes a second over 10 s, 60 s and 15 min, null until they are known.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "status/state.h"

namespace lode::status {

nlohmann::ordered_json xmrig_summary(const State& state);
nlohmann::ordered_json xmrig_backends(const State& state);

}  // namespace lode::status
