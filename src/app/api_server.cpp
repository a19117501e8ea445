#include "app/api_server.h"

#include <algorithm>
#include <string>
#include <utility>

#include "util/url.h"

namespace lode::app {
namespace {

std::string proxy_of(const SourceOptions& options) {
    if (options.dial.proxy.empty()) return {};
    const auto url = util::parse_url(options.dial.proxy);
    return url ? url->authority() : std::string();
}

cgminer_api::Pool pool_of(const std::string& text, const SourceOptions& options, std::size_t priority) {
    const auto url = util::parse_url(text);
    if (!url) return {"local", {}, {}, priority};
    const bool node = url->scheme == "http" || url->scheme == "https";
    const std::string& user = node ? options.rpc_user : options.user;
    return {url->safe(), url->has_credentials ? url->user : user, proxy_of(options), priority};
}

}  // namespace

std::vector<cgminer_api::Pool> api_pools(const MineOptions& options, std::size_t first) {
    if (options.urls.empty()) return {{"local", {}, {}, 0}};
    std::vector<cgminer_api::Pool> pools;
    for (const auto& url : options.urls) pools.push_back(pool_of(url, options.source, pools.size()));
    std::rotate(pools.begin(), pools.begin() + 1, pools.begin() + static_cast<std::ptrdiff_t>(first) + 1);
    return pools;
}

Result<std::unique_ptr<cgminer_api::Server>> open_api(const MineOptions& options, Engine& engine,
                                                      std::function<void()> quit,
                                                      std::function<void()> restart,
                                                      std::function<void(std::size_t)> switch_to) {
    if (options.api.listen.empty()) return nullptr;
    auto server = cgminer_api::Server::open(options.api, {.pools = api_pools(options, 0),
                                                          .snapshot = [&engine] { return engine.snapshot(); },
                                                          .quit = std::move(quit),
                                                          .restart = std::move(restart),
                                                          .switch_to = std::move(switch_to)});
    if (server) engine.add_observer((*server)->observer());
    return server;
}

void close_api(std::unique_ptr<cgminer_api::Server>& server, Engine& engine) {
    if (!server) return;
    engine.remove_observer(server->observer());
    server.reset();
}

}  // namespace lode::app
