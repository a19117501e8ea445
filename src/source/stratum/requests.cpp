#include "source/stratum/requests.h"

#include <bit>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "util/hex.h"

namespace lode::source::stratum {
namespace {

using Json = nlohmann::ordered_json;

// A user or password may be any bytes; JSON takes UTF-8 only.
std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string request(std::int64_t id, const char* method, Json params) {
    return dump({{"id", id}, {"method", method}, {"params", std::move(params)}});
}

std::string hex(std::uint32_t value) {
    return fmt::format("{:08x}", value);
}

}  // namespace

std::string user_agent() {
    return "lode/" LODE_VERSION;
}

std::string configure_line(std::int64_t id, std::uint32_t mask, std::optional<double> minimum_difficulty) {
    Json extensions = Json::array();
    Json values = Json::object();
    if (mask != 0) {
        extensions.push_back("version-rolling");
        values["version-rolling.mask"] = hex(mask);
        values["version-rolling.min-bit-count"] = std::min(2, std::popcount(mask));
    }
    if (minimum_difficulty) {
        extensions.push_back("minimum-difficulty");
        values["minimum-difficulty.value"] = *minimum_difficulty;
    }
    extensions.push_back("subscribe-extranonce");
    return request(id, "mining.configure", Json::array({extensions, values}));
}

std::string subscribe_line(std::int64_t id, const std::string& agent, const std::string& resume) {
    Json params = Json::array({agent.empty() ? user_agent() : agent});
    if (!resume.empty()) params.push_back(resume);
    return request(id, "mining.subscribe", std::move(params));
}

std::string authorize_line(std::int64_t id, const std::string& user, const std::string& password) {
    return request(id, "mining.authorize", Json::array({user, password}));
}

std::string extranonce_subscribe_line(std::int64_t id) {
    return request(id, "mining.extranonce.subscribe", Json::array());
}

std::string suggest_difficulty_line(std::int64_t id, double difficulty) {
    return request(id, "mining.suggest_difficulty", Json::array({difficulty}));  // a number: some pools check
}

std::string submit_line(std::int64_t id, const std::string& user, const Solution& solution,
                        std::uint32_t mask) {
    Json params = Json::array({user, solution.job->id, util::to_hex(solution.extranonce2),
                               hex(solution.header.time), hex(solution.header.nonce)});
    if (mask != 0) params.push_back(hex(solution.version & mask));
    return request(id, "mining.submit", std::move(params));
}

std::string version_reply(const std::string& reply_id, const std::string& agent) {
    return R"({"id":)" + reply_id + R"(,"result":)" + dump(agent.empty() ? user_agent() : agent) +
           R"(,"error":null})";
}

std::string pong_reply(const std::string& reply_id) {
    return R"({"id":)" + reply_id + R"(,"result":"pong","error":null})";
}

std::string unknown_method_reply(const std::string& reply_id) {
    return R"({"id":)" + reply_id + R"(,"result":null,"error":[-3,"method not found",null]})";
}

}  // namespace lode::source::stratum
