#include "app/config_pools.h"

#include <array>

#include <nlohmann/json.hpp>

#include "app/foreign_flags.h"
#include "base/nearest.h"
#include "util/hex.h"
#include "util/log.h"
#include "util/url.h"

namespace lode::app {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxPools = 64;
const std::vector<std::string> kKeys = {"url", "user", "pass", "enabled", "tls"};

std::string place(std::size_t index) {
    return "pools[" + std::to_string(index) + "]";
}

Result<std::string> text(const json& entry, const char* key, const char* otherwise) {
    const auto value = entry.find(key);
    if (value == entry.end() || value->is_null()) return otherwise;
    if (value->is_string()) return value->get<std::string>();
    if (value->is_number()) return value->dump();
    return fail(ErrorKind::Usage, std::string("key '") + key + "' is not a string");
}

bool is(const json& entry, const char* key, bool value) {
    const auto found = entry.find(key);
    return found != entry.end() && *found == value;
}

Result<void> check_keys(const json& entry, std::size_t index) {
    for (const auto& [key, value] : entry.items()) {
        if (std::ranges::find(kKeys, key) != kKeys.end() || key.starts_with('_') || value.is_null() ||
            value == false)
            continue;
        const std::string_view advice =
            key == "sni" ? "not needed: the host's name is always sent" : advice_on("--" + key);
        if (key == "algo" || key == "coin") {
            if (auto right = check_algorithm(value); !right) return right;
        } else if (!advice.empty()) {
            util::warn("{}: key '{}': {}", place(index), key, advice);
        } else {
            const auto near = base::nearest(key, kKeys);
            return fail(ErrorKind::Usage, "unknown key '" + util::printable(key, 60) + "'", {},
                        near.empty() ? "url, user, pass" : "'" + near + "'");
        }
    }
    return {};
}

// "host:port" and "stratum+tcp://host:port" with TLS.
std::string with_tls(const std::string& url) {
    for (const char* plain : {"stratum+tcp://", "stratum://", "tcp://"})
        if (url.starts_with(plain)) return "stratum+ssl" + url.substr(url.find("://"));
    return url.find("://") == std::string::npos ? "stratum+ssl://" + url : url;
}

Result<std::string> url_of(const json& entry, std::size_t index) {
    if (!entry.is_object()) return fail(ErrorKind::Usage, "is not an object");
    if (const auto known = check_keys(entry, index); !known) return tl::unexpected(known.error());
    const auto url = text(entry, "url", ""), user = text(entry, "user", ""), pass = text(entry, "pass", "");
    for (const auto* value : {&url, &user, &pass})
        if (!*value) return *value;
    if (url->empty()) return fail(ErrorKind::Usage, "has no url");
    if (user->empty() && !pass->empty()) return fail(ErrorKind::Usage, "has a pass without a user");
    const std::string secured = is(entry, "tls", true) ? with_tls(*url) : *url;
    return user->empty() ? secured : util::with_credentials(secured, *user, *pass);
}

}  // namespace

Result<std::vector<std::string>> read_pools(const json& pools) {
    constexpr auto kForm = R"([{"url": …, "user": …, "pass": …}, …])";
    if (!pools.is_array() || pools.empty() || pools.size() > kMaxPools)
        return fail(ErrorKind::Usage, "is not a list of 1 to " + std::to_string(kMaxPools), "key 'pools'",
                    kForm);
    std::vector<std::string> urls;
    for (std::size_t i = 0; i < pools.size(); ++i) {
        if (pools[i].is_object() && is(pools[i], "enabled", false)) continue;
        auto url = url_of(pools[i], i);
        if (!url) return tl::unexpected(url.error().at(place(i)));
        urls.push_back(std::move(*url));
    }
    if (urls.empty()) return fail(ErrorKind::Usage, "none is enabled", "key 'pools'", kForm);
    return urls;
}

Result<void> check_algorithm(const json& value) {
    constexpr std::array kRight = {"sha256d", "sha-256d", "sha256", "bitcoin", "btc"};
    if (value.is_null()) return {};
    std::string name = value.is_string() ? value.get<std::string>() : value.dump();
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (std::ranges::find(kRight, name) != kRight.end()) return {};
    return fail(ErrorKind::Usage, "the algorithm is '" + util::printable(name, 40) + "'", {},
                "sha256d, the only one that lode mines");
}

}  // namespace lode::app
