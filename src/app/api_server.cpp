#include "app/api_server.h"

#include <string>
#include <utility>

#include "util/url.h"

namespace lode::app {
namespace {

cgminer_api::Pool pool_of(const std::string& text, const SourceOptions& options) {
    const auto url = util::parse_url(text);
    if (!url) return {"local", {}};
    if (url->has_credentials) return {url->safe(), url->user};
    const bool node = url->scheme == "http" || url->scheme == "https";
    return {url->safe(), node ? options.rpc_user : options.user};
}

std::vector<cgminer_api::Pool> pools_of(const MineOptions& options) {
    if (options.urls.empty()) return {{"local", {}}};
    std::vector<cgminer_api::Pool> pools;
    for (const auto& url : options.urls) pools.push_back(pool_of(url, options.source));
    return pools;
}

std::string proxy_of(const SourceOptions& options) {
    if (options.dial.proxy.empty()) return {};
    const auto url = util::parse_url(options.dial.proxy);
    return url ? url->authority() : std::string();
}

}  // namespace

Result<std::unique_ptr<cgminer_api::Server>> open_api(const MineOptions& options, Engine& engine,
                                                      std::function<void()> quit,
                                                      std::function<void()> restart) {
    if (options.api.listen.empty()) return nullptr;
    auto server = cgminer_api::Server::open(options.api, {.pools = pools_of(options),
                                                          .proxy = proxy_of(options.source),
                                                          .snapshot = [&engine] { return engine.snapshot(); },
                                                          .quit = std::move(quit),
                                                          .restart = std::move(restart)});
    if (server) engine.add_observer((*server)->observer());
    return server;
}

void close_api(std::unique_ptr<cgminer_api::Server>& server, Engine& engine) {
    if (!server) return;
    engine.remove_observer(server->observer());
    server.reset();
}

}  // namespace lode::app
