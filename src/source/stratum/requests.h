// Our requests and answers: lines without their '\n'.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lode/job.h"

namespace lode::source::stratum {

std::string user_agent();  // "lode/0.1.0"

// BIP 310. mask 0: does not request version rolling.
std::string configure_line(std::int64_t id, std::uint32_t mask, std::optional<double> minimum_difficulty);
// An empty agent is user_agent().
std::string subscribe_line(std::int64_t id, const std::string& agent, const std::string& resume);
std::string authorize_line(std::int64_t id, const std::string& user, const std::string& password);
std::string extranonce_subscribe_line(std::int64_t id);
std::string suggest_difficulty_line(std::int64_t id, double difficulty);
// Five parameters, and the bits within the mask as a sixth if version rolling was negotiated.
std::string submit_line(std::int64_t id, const std::string& user, const Solution& solution,
                        std::uint32_t mask);

// reply_id is JSON already.
std::string version_reply(const std::string& reply_id, const std::string& agent);
std::string pong_reply(const std::string& reply_id);
std::string unknown_method_reply(const std::string& reply_id);

}  // namespace lode::source::stratum
