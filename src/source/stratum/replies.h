// Answers to our requests: their format depends on the request, so they are parsed in a second step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lode/events.h"
#include "lode/result.h"
#include "source/stratum/messages.h"

namespace lode::source::stratum {

struct Subscribed {
    Extranonce extranonce;
    std::string session_id;  // to resume with; empty if the pool sent no usable one
};
Result<Subscribed> read_subscribed(const Response& response);

// BIP 310: the extensions that were granted.
struct Configured {
    std::optional<std::uint32_t> version_mask;
    bool subscribe_extranonce = false;
    bool minimum_difficulty = false;
};
Result<Configured> read_configured(const Response& response);

// True, or the error. For authorize, and other requests with a boolean answer.
std::optional<PoolError> refusal(const Response& response);

Outcome read_share_outcome(const Response& response);

}  // namespace lode::source::stratum
