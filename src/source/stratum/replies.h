// Answers to our requests: what they mean is known only from the request, so they are read in a second step.
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
    std::string session_id;  // to resume with; empty where the pool gave none that is of use
};
Result<Subscribed> read_subscribed(const Response& response);

// BIP 310: each extension only as granted.
struct Configured {
    std::optional<std::uint32_t> version_mask;
    bool subscribe_extranonce = false;
    bool minimum_difficulty = false;
};
Result<Configured> read_configured(const Response& response);

// True, or why not. For authorize, and for requests whose answer is a mere yes.
std::optional<PoolError> refusal(const Response& response);

Outcome read_share_outcome(const Response& response);

}  // namespace lode::source::stratum
