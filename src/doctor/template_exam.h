// A block template held against the rules, beyond what lode needs to mine it.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "doctor/report.h"
#include "source/node/template.h"

namespace lode::doctor {

// What the node says of its chain: getblockchaininfo.
struct NodeTip {
    std::string network;  // lode's name for it
    std::int64_t blocks = 0;
    std::string best_hash;  // as people see it
};

// raw: the template as it came; work: as lode reads it. now: seconds since 1970.
void examine_template(const nlohmann::json& raw, const source::node::Template& work, const NodeTip& tip,
                      std::int64_t now, Report& report);

}  // namespace lode::doctor
