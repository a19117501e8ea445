#include "status/site.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

#include "status/axeos_json.h"
#include "status/event_json.h"
#include "status/metrics.h"
#include "status/page_files.h"
#include "status/status_json.h"
#include "status/xmrig_json.h"

namespace lode::status {
namespace {

Response json_response(const nlohmann::ordered_json& body) {
    Response response;
    response.body = dump(body) + "\n";
    return response;
}

Response text_response(unsigned status, const std::string& text) {
    Response response;
    response.status = status;
    response.type = "text/plain; charset=utf-8";
    response.body = text + "\n";
    return response;
}

// The page loads files of this server only and runs no inline script.
constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

Response page_response(const PageFile& file) {
    Response response;
    response.type = file.type;
    response.body = file.body;
    response.headers = {{"Content-Security-Policy", kPagePolicy}, {"Referrer-Policy", "no-referrer"}};
    return response;
}

Response method_not_allowed(const char* allowed) {
    auto response = error_response(405, std::string("only ") + allowed + " is allowed here");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

Response accepted() {
    Response response;
    response.status = 202;
    response.body = "{\"accepted\":true}\n";
    return response;
}

bool is_reading(const Request& request) {
    return request.method == Method::Get || request.method == Method::Head;
}

Response health(const State& state) {
    return state.loop_turns ? text_response(200, "ok") : text_response(503, "the io thread does not answer");
}

Response readiness(const State& state) {
    const auto reason = not_ready(state);
    return reason ? text_response(503, *reason) : text_response(200, "ready");
}

Response metrics_response(const State& state, const Request& request) {
    const auto format = MetricsText::choose(request.accept);
    Response response;
    response.type = MetricsText::content_type(format);
    response.body = metrics(state, format);
    return response;
}

template <nlohmann::ordered_json (*make)(const State&)>
Response show_json(const State& state, const Request& /*request*/) {
    return json_response(make(state));
}

Response history_response(const State& state, const Request& request) {
    constexpr std::string_view kWindow = "window=";
    const std::string_view query = request.query;
    const auto window = query.empty() ? "1h" : query.starts_with(kWindow) ? query.substr(kWindow.size()) : "";
    const auto* found = state.record.history().find(window);
    return found != nullptr ? json_response(history_json(state, *found))
                            : error_response(400, "the query is window=1h, window=1d or window=30d");
}

// Of "NAME=N".
std::optional<std::size_t> number_after(std::string_view name, std::string_view query) {
    if (!query.starts_with(name)) return std::nullopt;
    const std::string_view number = query.substr(name.size());
    const char* const end = number.data() + number.size();
    std::size_t value = 0;
    const auto [stop, error] = std::from_chars(number.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

Response chain_response(const State& state, const Request& request) {
    if (request.query.empty()) return json_response(chain_json(state, ChainRecord::kMaxBlocks));
    const auto blocks = number_after("blocks=", request.query);
    return blocks ? json_response(chain_json(state, *blocks)) : error_response(400, "the query is blocks=N");
}

Response events_response(const State& /*state*/, const Request& /*request*/) {
    Response response;
    response.type = "text/event-stream";
    response.events = true;
    return response;
}

constexpr std::size_t kMaxRecent = 32, kMaxRecentQuery = 64;

// What an answer depends on besides the state.
std::string question(const Request& request) {
    const bool open_metrics = MetricsText::choose(request.accept) == MetricsText::Format::OpenMetrics;
    return request.path + '?' + request.query + (open_metrics ? " OpenMetrics" : "");
}

struct View {
    const char* path;
    Response (*make)(const State&, const Request&);
};
constexpr std::array kViews = {
    View{"/metrics", metrics_response},
    View{"/readyz", [](const State& state, const Request&) { return readiness(state); }},
    View{"/api/v1/status", show_json<status_json>},
    View{"/api/v1/history", history_response},
    View{"/api/v1/shares", show_json<shares_json>},
    View{"/api/v1/chain", chain_response},
    View{"/api/v1/fleet", show_json<fleet_json>},
    View{"/api/v1/events", events_response},
    View{"/1/summary", show_json<xmrig_summary>},
    View{"/2/summary", show_json<xmrig_summary>},
    View{"/2/backends", show_json<xmrig_backends>},
    View{"/api/system/info", show_json<axeos_info>},
    View{"/api/system/asic", show_json<axeos_asic>},
    View{"/api/system/statistics", show_json<axeos_statistics>},
};

}  // namespace

Site::Site(Access access, GetState state, Actions actions)
    : access_(std::move(access)), state_(std::move(state)), actions_(std::move(actions)) {}

Response Site::answer(const Request& request) {
    // The page itself holds no data; it asks for the token.
    for (const auto& file : page_files())
        if (request.path == file.path) return open_to_all(request, [&] { return page_response(file); });
    if (request.path == "/healthz") return open_to_all(request, [&] { return health(state_()); });
    for (const auto& [path, action] :
         {std::pair("/api/v1/pause", &actions_.pause), std::pair("/api/v1/resume", &actions_.resume),
          std::pair("/api/v1/stop", &actions_.stop)})
        if (request.path == path) return act(request, *action);
    if (request.path == "/api/v1/reload") return change(request, actions_.reload);
    if (request.path == "/api/v1/switch") return switch_source(request);
    if (auto refused = access_.refuse_reading(request)) return *refused;
    for (const auto& [path, make] : kViews)
        if (request.path == path)
            return is_reading(request) ? show(request, make) : method_not_allowed("GET, HEAD");
    return error_response(404, "there is no such page");
}

Response Site::show(const Request& request, Show make) {
    const State state = state_();
    if (state.revision == 0 || request.query.size() > kMaxRecentQuery) return make(state, request);
    if (state.revision != revision_ || recent_.size() >= kMaxRecent) recent_.clear();
    revision_ = state.revision;
    const auto [at, is_new] = recent_.try_emplace(question(request));
    if (is_new) at->second = make(state, request);
    return at->second;
}

Response Site::open_to_all(const Request& request, const std::function<Response()>& show) const {
    if (auto refused = access_.refuse_host(request)) return *refused;
    return is_reading(request) ? show() : method_not_allowed("GET, HEAD");
}

Response Site::act(const Request& request, const std::function<void()>& action) const {
    if (request.method != Method::Post) return method_not_allowed("POST");
    if (auto refused = access_.refuse_acting(request)) return *refused;
    auto response = accepted();
    response.then = action;
    return response;
}

Response Site::change(const Request& request, const std::function<Result<void>()>& action) const {
    if (request.method != Method::Post) return method_not_allowed("POST");
    if (auto refused = access_.refuse_acting(request)) return *refused;
    if (!action) return error_response(400, "this lode cannot do that");
    const auto done = action();
    return done ? accepted() : error_response(400, done.error().text());
}

Response Site::switch_source(const Request& request) const {
    constexpr std::string_view kTo = "to=";
    std::optional<std::size_t> to;
    if (!request.query.empty()) {
        to = number_after(kTo, request.query);
        if (!to) return error_response(400, "the query is to=N");
    }
    return change(request, [&]() -> Result<void> {
        if (!actions_.switch_source) return fail(ErrorKind::Usage, "this lode cannot do that");
        return actions_.switch_source(to);
    });
}

}  // namespace lode::status
