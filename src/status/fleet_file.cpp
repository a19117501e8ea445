#include "status/fleet_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "util/hex.h"

namespace lode::status {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxFile = 1 << 20, kMaxName = 64, kMaxNodeToken = 256;
constexpr const char* kAddress = "host:port or http://host:port";

Result<util::Url> parse_address(const std::string& text) {
    auto url = text.find("://") == std::string::npos ? util::parse_host_port(text) : util::parse_url(text);
    if (!url) return tl::unexpected(url.error());
    if (url->scheme.empty()) url->scheme = "http";
    const bool web = url->scheme == "http" || url->scheme == "https";
    if (!web || url->has_credentials || url->host.empty() || !(url->path.empty() || url->path == "/"))
        return fail(ErrorKind::Usage, "not the address of a lode", {}, kAddress);
    if (url->port == 0) url->port = url->scheme == "http" ? 80 : 443;
    url->path.clear();
    return url;
}

std::optional<Error> add(std::vector<FleetMember>& fleet, const std::string& address, std::string name,
                         std::string token, const std::string& where) {
    auto url = parse_address(address);
    if (!url) return url.error().at(where);
    const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
    if (token.size() > kMaxNodeToken || !std::ranges::all_of(token, visible))
        return Error{ErrorKind::Usage, "the token cannot be used", where, "visible ASCII characters"};
    if (std::ranges::find(fleet, *url, &FleetMember::url) != fleet.end())
        return Error{ErrorKind::Usage, "named before", where + ", " + url->authority(), {}};
    if (fleet.size() == kMaxFleet)
        return Error{ErrorKind::Usage, "too many machines", where, "at most " + std::to_string(kMaxFleet)};
    if (name.empty()) name = url->authority();
    fleet.push_back({util::printable(name, kMaxName), std::move(*url), std::move(token)});
    return std::nullopt;
}

// Nothing where the object has a value of another type.
std::optional<std::string> text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return "";
    return found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

Result<std::vector<FleetMember>> parse_json(std::string_view text) {
    const auto list = json::parse(text, nullptr, false);
    if (!list.is_array()) return fail(ErrorKind::Usage, "not a JSON array", {}, "[\"host:port\", …]");
    std::vector<FleetMember> fleet;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string where = "entry " + std::to_string(i + 1);
        const json entry = list[i].is_string() ? json{{"address", list[i]}} : list[i];
        const auto wrong = [&] {
            return fail(ErrorKind::Usage, "not a machine", where,
                        "\"host:port\" or {\"address\", \"name\", \"token\"}, all of them text");
        };
        if (!entry.is_object()) return wrong();
        const auto address = text_of(entry, "address"), name = text_of(entry, "name"),
                   token = text_of(entry, "token");
        if (!address || !name || !token) return wrong();
        if (auto error = add(fleet, *address, *name, *token, where)) return tl::unexpected(*error);
    }
    return fleet;
}

Result<std::vector<FleetMember>> parse_lines(std::string_view text) {
    std::vector<FleetMember> fleet;
    std::istringstream lines{std::string(text)};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string address, token, more;
        if (!(words >> address)) continue;
        const std::string where = "line " + std::to_string(number);
        if (words >> token && words >> more)
            return fail(ErrorKind::Usage, "more than two words", where, "ADDRESS [TOKEN]");
        if (auto error = add(fleet, address, "", token, where)) return tl::unexpected(*error);
    }
    return fleet;
}

}  // namespace

Result<std::vector<FleetMember>> parse_fleet(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string_view::npos && (text[first] == '[' || text[first] == '{');
    auto fleet = is_json ? parse_json(text) : parse_lines(text);
    if (fleet && fleet->empty()) return fail(ErrorKind::Usage, "no machine in it", {}, kAddress);
    return fleet;
}

Result<std::vector<FleetMember>> read_fleet(const std::string& path) {
    const std::string where = "fleet file " + util::printable(path);
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxFile + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad()) return fail(ErrorKind::Usage, "cannot be read", where);
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxFile) return fail(ErrorKind::Usage, "larger than 1 MiB", where);
    auto fleet = parse_fleet(text);
    if (!fleet) return tl::unexpected(fleet.error().at(where));
    return fleet;
}

}  // namespace lode::status
