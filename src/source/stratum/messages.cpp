#include "source/stratum/messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "util/hex.h"

namespace lode::source::stratum {
namespace {

using Json = nlohmann::json;
using util::printable;

constexpr int kMaxDepth = 16;                 // a real message has four levels
constexpr std::size_t kMaxExtranonce1 = 100;  // all that fits the coinbase script

tl::unexpected<Error> bad(const char* where, std::string what, std::string expected) {
    return fail(ErrorKind::Malformed, std::move(what), where, std::move(expected));
}

std::string shown(const Json& value) {
    return printable(value.dump(-1, ' ', true, Json::error_handler_t::replace), 40);
}

// Before parsing, so that neither the parser nor what comes after it ever sees a deep tree.
bool too_deep(std::string_view line) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted) {
            if (c == '\\') ++i;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kMaxDepth) return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

const Json& member(const Json& object, const char* key) {
    static const Json kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
}

std::optional<std::int64_t> integer(const Json& value) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
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
    } else if (error.is_number_integer()) {
        out.code = integer(error);
    } else if (error.is_array()) {
        for (const Json& part : error) {  // [code, text, data], with parts missing
            if (!out.code && out.text.empty() && part.is_number_integer()) {
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

Result<std::vector<std::uint8_t>> hex_bytes(const Json& value, const char* where) {
    auto bytes = value.is_string() ? util::from_hex(value.get_ref<const std::string&>()) : std::nullopt;
    if (!bytes) return bad(where, shown(value), "hex digits, two a byte");
    return std::move(*bytes);
}

Result<Hash256> hash(const Json& value, const char* where) {
    Hash256 out;
    if (!value.is_string() || !util::from_hex(value.get_ref<const std::string&>(), std::span(out.bytes)))
        return bad(where, shown(value), "64 hex digits");
    return out;
}

Result<std::uint32_t> word(const Json& value, const char* where) {
    const auto number = value.is_string() ? util::hex_u32(value.get_ref<const std::string&>()) : std::nullopt;
    if (!number) return bad(where, shown(value), "1 to 8 hex digits");
    return *number;
}

// The wire has each 4-byte word of the hash byte-swapped.
Hash256 swap_words(Hash256 in) {
    for (std::size_t i = 0; i < 32; i += 4) std::reverse(in.bytes.data() + i, in.bytes.data() + i + 4);
    return in;
}

Result<Message> parse_notify(const Json& params) {
    if (params.size() < 9) return bad("notify", std::to_string(params.size()) + " parameters", "9");
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
    if (!branch.is_array()) return bad("notify: merkle branch", shown(branch), "an array");
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
    // Some pools put something before the flag; it is then the last.
    const Json& clean = params[8].is_boolean() ? params[8] : params.back();
    if (!clean.is_boolean()) return bad("notify: clean_jobs", shown(clean), "true or false");
    job.clean = clean.get<bool>();
    return job;
}

Result<Message> parse_reconnect(const Json& params) {
    Reconnect out;
    if (params.size() > 0 && !params[0].is_null()) {
        if (!params[0].is_string()) return bad("reconnect: host", shown(params[0]), "a string");
        out.host = params[0].get<std::string>();
        std::ranges::transform(out.host, out.host.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        const bool plain = std::ranges::all_of(out.host, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
        });
        if (!plain || out.host.size() > 253) return bad("reconnect: host", shown(params[0]), "a host name");
    }
    if (params.size() > 1 && !params[1].is_null()) {
        const auto port = integer(params[1]);
        if (!port || *port < 0 || *port > 65535)
            return bad("reconnect: port", shown(params[1]), "1 to 65535");
        out.port = static_cast<std::uint16_t>(*port);
    }
    if (params.size() > 2) {
        const auto wait = integer(params[2]);
        if (wait) out.wait = std::chrono::seconds(std::clamp<std::int64_t>(*wait, 0, 300));
    }
    return out;
}

Result<Message> parse_difficulty(const Json& params) {
    if (params.empty() || !params[0].is_number())
        return bad("set_difficulty", params.empty() ? "no parameter" : shown(params[0]), "a number");
    const double difficulty = params[0].get<double>();
    if (!std::isfinite(difficulty) || difficulty <= 0)
        return bad("set_difficulty", shown(params[0]), "a number greater than zero");
    return SetDifficulty{difficulty};
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
    const auto count = size.is_number_integer() ? integer(size) : std::nullopt;
    if (!count || *count < 0 || *count > kMaxExtranonce2)
        return bad("extranonce2 size", shown(size), "0 to " + std::to_string(kMaxExtranonce2));
    out.second_size = static_cast<std::uint32_t>(*count);
    return out;
}

Result<Message> parse_line(std::string_view line) {
    if (line.size() > kMaxLine) return bad("line", std::to_string(line.size()) + " bytes", "at most 1 MiB");
    if (too_deep(line)) return bad("line", "nested too deeply", "at most 16 levels");
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
    // ckpool says why beside the error
    if (const Json& why = member(message, "reject-reason"); why.is_string()) {
        if (!response.error) response.error.emplace();
        if (response.error->text.empty()) response.error->text = printable(why.get_ref<const std::string&>());
    }
    return response;
}

}  // namespace lode::source::stratum
