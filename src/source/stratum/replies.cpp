#include "source/stratum/replies.h"

#include "source/stratum/json_values.h"
#include "util/hex.h"

namespace lode::source::stratum {
namespace {

// [["mining.notify", ID], …], or a single such pair without the outer array.
std::string session_id(const Json& subscriptions) {
    if (!subscriptions.is_array()) return {};
    const auto id_of = [](const Json& pair) -> std::string {
        if (!pair.is_array() || pair.size() < 2 || pair[0] != "mining.notify" || !pair[1].is_string())
            return {};
        const auto& id = pair[1].get_ref<const std::string&>();
        return id.size() <= 256 ? id : std::string();
    };
    if (auto id = id_of(subscriptions); !id.empty()) return id;
    for (const Json& pair : subscriptions)
        if (auto id = id_of(pair); !id.empty()) return id;
    return {};
}

bool yes(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && *found == true;
}

}  // namespace

Result<Subscribed> read_subscribed(const Response& response) {
    const Json& result = response.result;
    if (!result.is_array() || result.size() < 3) {
        if (response.error) return fail(ErrorKind::Refused, response.error->shown(), "subscribe");
        return fail(ErrorKind::Malformed, "answer of the wrong shape", "subscribe",
                    "[subscriptions, extranonce1, extranonce2 size]");
    }
    auto extranonce = parse_extranonce(result[1], result[2]);
    if (!extranonce) return tl::unexpected(extranonce.error().at("subscribe"));
    return Subscribed{std::move(*extranonce), session_id(result[0])};
}

Result<Configured> read_configured(const Response& response) {
    const Json& result = response.result;
    if (!result.is_object())
        return fail(ErrorKind::Refused, response.error ? response.error->shown() : "no extensions",
                    "configure");
    Configured out;
    out.subscribe_extranonce = yes(result, "subscribe-extranonce");
    out.minimum_difficulty = yes(result, "minimum-difficulty");
    if (yes(result, "version-rolling")) {
        const auto mask = result.find("version-rolling.mask");
        if (mask == result.end()) return out;
        const auto bits = word(*mask, "configure: version-rolling.mask");
        if (!bits) return tl::unexpected(bits.error());
        out.version_mask = *bits;
    }
    return out;
}

std::optional<PoolError> refusal(const Response& response) {
    if (boolean(response.result) == true) return std::nullopt;
    PoolError error = response.error.value_or(PoolError{});
    if (error.text.empty() && !error.code && response.result.is_string())
        error.text = util::printable(response.result.get_ref<const std::string&>());
    return error;
}

Outcome read_share_outcome(const Response& response) {
    const auto refused = refusal(response);
    if (!refused) return {Outcome::Status::Accepted, {}};
    return {Outcome::Status::Rejected, refused->shown()};
}

}  // namespace lode::source::stratum
