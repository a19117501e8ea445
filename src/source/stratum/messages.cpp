#include "source/stratum/messages.h"

#include <algorithm>
#include <array>

#include "source/stratum/json_values.h"
#include "util/hex.h"
#include "util/url.h"

namespace lode::source::stratum {
namespace {

using util::printable;

constexpr int kMaxDepth = 16;                 // a real message has four levels
constexpr std::size_t kMaxExtranonce1 = 100;  // all that fits the coinbase script

struct Scan {
    std::size_t end;        // of the first object or array; of the text if it is incomplete or too deep
    bool too_deep = false;  // deeply nested text is never parsed
};

Scan scan(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kMaxDepth) return {text.size(), true};
        } else if (c == ']' || c == '}') {
            if (--depth == 0) return {i + 1};
        }
    }
    return {text.size()};
}

// Absent, null, false, 0, "", [] and {} all mean: no error.
std::optional<PoolError> pool_error(const Json& error) {
    if (error.is_null() || error == false || error == 0 || (error.is_structured() && error.empty()) ||
        error == "")
        return std::nullopt;
    PoolError out;
    const auto text = [](const Json& value) {
        return value.is_string() ? printable(value.get_ref<const std::string&>()) : std::string();
    };
    if (error.is_string()) {
        out.text = text(error);
    } else if (error.is_number()) {
        out.code = integer(error);
    } else if (error.is_array()) {
        for (const Json& part : error) {  // [code, text, data], with parts missing
            if (!out.code && out.text.empty() && part.is_number()) {
                out.code = integer(part);
            } else if (out.text.empty()) {
                out.text = text(part);
            }
        }
    } else if (error.is_object()) {
        out.code = integer(member(error, "code"));
        out.text = text(member(error, "message"));
    }
    return out;
}

// The wire has each 4-byte word of the hash byte-swapped.
Hash256 swap_words(Hash256 in) {
    for (std::size_t i = 0; i < 32; i += 4) std::reverse(in.bytes.data() + i, in.bytes.data() + i + 4);
    return in;
}

Result<Message> parse_notify(const Json& params) {
    if (params.size() < 8) return bad("notify", std::to_string(params.size()) + " parameters", "9");
    Notify job;
    if (!params[0].is_string()) return bad("notify: job id", shown(params[0]), "a string");
    job.job_id = params[0].get<std::string>();
    if (job.job_id.empty() || job.job_id.size() > 128 || printable(job.job_id) != job.job_id)
        return bad("notify: job id", shown(params[0]), "1 to 128 printable characters");
    const auto prev = hash(params[1], "notify: previous block");
    if (!prev) return tl::unexpected(prev.error());
    job.prev = swap_words(*prev);
    auto coinbase1 = hex_bytes(params[2], "notify: coinbase 1"),
         coinbase2 = hex_bytes(params[3], "notify: coinbase 2");
    for (const auto* part : {&coinbase1, &coinbase2})
        if (!*part) return tl::unexpected(part->error());
    job.coinbase1 = std::move(*coinbase1);
    job.coinbase2 = std::move(*coinbase2);
    const Json& branch = params[4];
    if (!branch.is_array() && !branch.is_null())
        return bad("notify: merkle branch", shown(branch), "an array");
    if (branch.size() > kMaxBranch)
        return bad("notify: merkle branch", std::to_string(branch.size()) + " hashes",
                   "at most " + std::to_string(kMaxBranch));
    for (const Json& step : branch) {
        const auto sibling = hash(step, "notify: merkle branch");
        if (!sibling) return tl::unexpected(sibling.error());
        job.branch.push_back(*sibling);
    }
    const auto version = word(params[5], "notify: version"), bits = word(params[6], "notify: nBits"),
               time = word(params[7], "notify: nTime");
    for (const auto* number : {&version, &bits, &time})
        if (!*number) return tl::unexpected(number->error());
    job.version = *version;
    job.bits = *bits;
    job.time = *time;
    // Without the flag, a new previous block means clean. Some pools insert parameters before it, so it is
    // the last.
    if (params.size() > 8 && !params[8].is_null()) {
        const Json& flag = params.size() > 9 && params.back().is_boolean() ? params.back() : params[8];
        const auto clean = boolean(flag);
        if (!clean) return bad("notify: clean_jobs", shown(flag), "true or false");
        job.clean = *clean;
    }
    return job;
}

// A name, an address, or either with its port as one string.
Result<Reconnect> parse_host(const Json& value) {
    if (!value.is_string()) return bad("reconnect: host", shown(value), "a string");
    std::string text = value.get<std::string>();
    Reconnect out;
    if (text.empty()) return out;
    if (text.size() > 260) return bad("reconnect: host", shown(value), "a host name");
    if (std::ranges::count(text, ':') > 1 && text.front() != '[') text = "[" + text + "]";
    const auto url = util::parse_url(text);
    if (!url || !url->scheme.empty() || url->has_credentials || !url->path.empty() ||
        url->host.find_first_of("_%") != std::string::npos)
        return bad("reconnect: host", shown(value), "a host name, maybe with a port");
    out.host = url->host;
    out.port = url->port;
    return out;
}

Result<Message> parse_reconnect(const Json& params) {
    Reconnect out;
    if (params.size() > 0 && !params[0].is_null()) {
        const auto place = parse_host(params[0]);
        if (!place) return tl::unexpected(place.error());
        out = *place;
    }
    if (params.size() > 1 && !params[1].is_null()) {
        const auto port = integer(params[1]);
        if (!port || *port < 0 || *port > 65535)
            return bad("reconnect: port", shown(params[1]), "1 to 65535");
        if (*port != 0) out.port = static_cast<std::uint16_t>(*port);
    }
    if (params.size() > 2) {
        const auto wait = integer(params[2]);
        if (wait) out.wait = std::chrono::seconds(std::clamp<std::int64_t>(*wait, 0, 300));
    }
    return out;
}

Result<Message> parse_difficulty(const Json& params) {
    const auto difficulty = real(params.empty() ? Json() : params[0]);
    if (!difficulty)
        return bad("set_difficulty", params.empty() ? "no parameter" : shown(params[0]), "a number");
    if (*difficulty <= 0) return bad("set_difficulty", shown(params[0]), "a number greater than zero");
    return SetDifficulty{*difficulty};
}

Result<Message> parse_set_extranonce(const Json& params) {
    if (params.size() < 2) return bad("set_extranonce", std::to_string(params.size()) + " parameters", "2");
    auto extranonce = parse_extranonce(params[0], params[1]);
    if (!extranonce) return tl::unexpected(extranonce.error());
    return SetExtranonce{std::move(*extranonce)};
}

Result<Message> parse_set_version_mask(const Json& params) {
    const auto mask = word(params.empty() ? Json() : params[0], "set_version_mask");
    if (!mask) return tl::unexpected(mask.error());
    return SetVersionMask{*mask};
}

Result<Message> parse_show_message(const Json& params) {
    if (params.empty() || !params[0].is_string()) return bad("show_message", shown(params), "a string");
    return ShowMessage{printable(params[0].get_ref<const std::string&>(), 400)};
}

Result<Message> parse_method(const std::string& method, const Json& message) {
    struct Known {
        const char* name;
        Result<Message> (*parse)(const Json& params);
    };
    constexpr std::array kKnown = {
        Known{"mining.notify", parse_notify},
        Known{"mining.set_difficulty", parse_difficulty},
        Known{"mining.set_extranonce", parse_set_extranonce},
        Known{"mining.set_version_mask", parse_set_version_mask},
        Known{"client.reconnect", parse_reconnect},
        Known{"client.show_message", parse_show_message},
    };
    for (const Known& known : kKnown) {
        if (method != known.name) continue;
        const Json& params = member(message, "params");
        if (params.is_null()) return known.parse(Json::array());
        if (!params.is_array()) return bad("params", shown(params), "an array");
        return known.parse(params);
    }
    Request request;
    request.method = printable(method, 60);
    if (method == "client.get_version") request.kind = Request::Kind::GetVersion;
    if (method == "mining.ping") request.kind = Request::Kind::Ping;
    const Json& id = member(message, "id");
    const std::string text = id.is_string() || id.is_number() ? id.dump(-1, ' ', true) : std::string();
    if (text.size() <= 64) request.reply_id = text;
    return request;
}

}  // namespace

std::string PoolError::shown() const {
    if (!code) return text.empty() ? "no reason given" : text;
    std::string name = text;
    if (name.empty()) {
        constexpr std::array kNames = {"other",
                                       "job not found",
                                       "duplicate share",
                                       "low difficulty share",
                                       "unauthorized worker",
                                       "not subscribed"};
        if (*code >= 20 && *code < 20 + static_cast<std::int64_t>(kNames.size()))
            name = kNames[static_cast<std::size_t>(*code - 20)];
    }
    const std::string number = "(" + std::to_string(*code) + ")";
    return name.empty() ? "error " + number : name + " " + number;
}

Result<Extranonce> parse_extranonce(const Json& first, const Json& size) {
    Extranonce out;
    auto bytes = hex_bytes(first, "extranonce1");
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->size() > kMaxExtranonce1)
        return bad("extranonce1", std::to_string(bytes->size()) + " bytes",
                   "at most " + std::to_string(kMaxExtranonce1));
    out.first = std::move(*bytes);
    const auto count = integer(size);
    if (!count || *count < 0 || *count > kMaxExtranonce2)
        return bad("extranonce2 size", shown(size), "0 to " + std::to_string(kMaxExtranonce2));
    out.second_size = static_cast<std::uint32_t>(*count);
    return out;
}

std::string_view first_message(std::string_view text) {
    return text.starts_with('{') ? text.substr(0, scan(text).end) : text;
}

Result<Message> parse_line(std::string_view line) {
    if (line.size() > kMaxLine) return bad("line", std::to_string(line.size()) + " bytes", "at most 1 MiB");
    if (scan(line).too_deep) return bad("line", "nested too deeply", "at most 16 levels");
    const Json message = Json::parse(line, nullptr, false);
    if (message.is_discarded())
        return bad("line", "not JSON: '" + printable(line, 60) + "'", "one JSON object a line");
    if (message.is_string()) return Remark{printable(message.get_ref<const std::string&>())};
    if (!message.is_object()) return bad("line", shown(message), "a JSON object");
    const Json& method = member(message, "method");
    if (method.is_string()) return parse_method(method.get_ref<const std::string&>(), message);
    if (!method.is_null()) return bad("method", shown(method), "a string");
    if (!message.contains("result") && !message.contains("error"))
        return bad("line", shown(message), "a method, a result or an error");
    Response response;
    response.id = integer(member(message, "id"));
    response.result = member(message, "result");
    response.error = pool_error(member(message, "error"));
    // ckpool sends the reason outside the error
    if (const Json& why = member(message, "reject-reason"); why.is_string()) {
        if (!response.error) response.error.emplace();
        if (response.error->text.empty()) response.error->text = printable(why.get_ref<const std::string&>());
    }
    return response;
}

}  // namespace lode::source::stratum
