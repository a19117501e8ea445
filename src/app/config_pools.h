// The list "pools" of a configuration file, also in the form of cgminer and xmrig.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "lode/result.h"

namespace lode::app {

// One URL with credentials per entry {"url", "user", "pass"}, in order; "enabled": false skips an entry,
// "tls": true selects TLS. Keys of other miners are ignored with a warning.
Result<std::vector<std::string>> read_pools(const nlohmann::json& pools);

// Checks "algo" and "coin" of other miners: null, or one mined with SHA-256d.
Result<void> check_algorithm(const nlohmann::json& value);

}  // namespace lode::app
