// Events as JSON objects. The keys are fixed: programs depend on them (src/README.md, "Machine-readable
// output").
#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "lode/events.h"

namespace lode::status {

// Nothing for event::Message, which is for people.
std::optional<nlohmann::ordered_json> event_json(const Event& event);

// Compact, on one line; bytes that are not UTF-8 are replaced.
std::string dump(const nlohmann::ordered_json& object);

const char* result_name(Outcome::Status status);  // "accepted", "rejected", "stale", "unknown"

}  // namespace lode::status
