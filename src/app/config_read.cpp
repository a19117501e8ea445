#include "app/config_read.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "app/variables.h"
#include "util/hex.h"

namespace lode::app {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kMaxSize = 1 << 20;
constexpr std::size_t kMaxDepth = 8, kMaxFiles = 64;

std::string name_of(const fs::path& path) {
    return "configuration file " + util::printable(path.string());
}

// A key that is there twice: of the two the parser would take the last, and not say so.
class KeysSeen {
 public:
    bool operator()(json::parse_event_t event, const json& parsed) {
        if (event == json::parse_event_t::object_start) open_.emplace_back();
        if (event == json::parse_event_t::object_end) open_.pop_back();
        if (event == json::parse_event_t::key && !is_comment(parsed.get<std::string>()) &&
            !open_.back().insert(parsed.get<std::string>()).second && twice_.empty())
            twice_ = parsed.get<std::string>();
        return true;
    }
    [[nodiscard]] const std::string& twice() const { return twice_; }

 private:
    std::vector<std::set<std::string>> open_;  // of the objects around the current place
    std::string twice_;
};

// Of the byte, counted from 1 as the parser does.
std::string place_of(std::string_view text, std::size_t byte) {
    const auto before = text.substr(0, byte == 0 ? 0 : byte - 1);
    const auto line_start = before.rfind('\n') + 1;  // 0 where there is none
    return fmt::format("line {}, column {}", 1 + std::ranges::count(before, '\n'),
                       before.size() - line_start + 1);
}

Result<json> parse(const fs::path& path) {
    const std::string where = name_of(path);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorKind::Usage, "cannot be read", where, "a JSON file");
    std::string text(kMaxSize + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.bad()) return fail(ErrorKind::Usage, "cannot be read", where, "a JSON file");  // a directory
    if (text.size() > kMaxSize) return fail(ErrorKind::Usage, "larger than 1 MiB", where);
    // Comments are allowed.
    json parsed;
    KeysSeen seen;
    const auto look = [&seen](int, json::parse_event_t event, const json& part) { return seen(event, part); };
    try {
        parsed = json::parse(text, look, true, true);
    } catch (const json::parse_error& e) {
        return fail(ErrorKind::Usage, "not JSON at " + place_of(text, e.byte), where, "one JSON object");
    }
    if (!parsed.is_object())
        return fail(ErrorKind::Usage, "not a JSON object", where, "{\"flag\": value, ...}");
    if (!seen.twice().empty())
        return fail(ErrorKind::Usage, "key '" + util::printable(seen.twice(), 60) + "' is there twice", where,
                    "each key once");
    return parsed;
}

// In every string of the value but comments. Depth is bounded by what the parser takes of 1 MiB; deeper than
// this nothing has a meaning.
Result<void> expand(const std::string& key, json& value, int depth = 0) {
    constexpr int kDeepest = 8;
    if (is_comment(key) || depth > kDeepest) return {};
    if (value.is_string()) {
        auto text =
            expand_variables(value.get<std::string>(), key == "user" ? Expanded::User : Expanded::Text);
        if (!text) return tl::unexpected(text.error().at("key '" + util::printable(key, 60) + "'"));
        value = *text;
    } else if (value.is_array()) {
        for (auto& item : value)
            if (auto done = expand(key, item, depth + 1); !done) return done;
    } else if (value.is_object()) {
        for (const auto& [name, item] : value.items())
            if (auto done = expand(name, item, depth + 1); !done) return done;
    }
    return {};
}

class Reader {
 public:
    Result<void> read(const fs::path& path) {
        std::error_code code;
        const auto real = fs::weakly_canonical(path, code);
        if (std::ranges::find(open_, real) != open_.end())
            return fail(ErrorKind::Usage, "includes itself", name_of(path), "files that end somewhere");
        if (open_.size() > kMaxDepth || ++files_ > kMaxFiles)
            return fail(ErrorKind::Usage, "too many files are included", name_of(path),
                        "8 within each other, 64 in all");
        auto parsed = parse(path);
        if (!parsed) return tl::unexpected(parsed.error());
        if (parsed->contains("url") && parsed->contains("pools"))
            return fail(ErrorKind::Usage, "both 'url' and 'pools'", name_of(path), "one of them");
        open_.push_back(real);
        if (auto included = include(*parsed, path); !included) return included;
        open_.pop_back();
        return take(*parsed, name_of(path));
    }
    [[nodiscard]] ConfigKeys& keys() { return keys_; }

 private:
    Result<void> include(json& object, const fs::path& from) {
        const auto found = object.find("include");
        if (found == object.end()) return {};
        const std::string where = name_of(from);
        if (auto expanded = expand("include", *found); !expanded)
            return tl::unexpected(expanded.error().at(where));
        for (const auto& path : found->is_array() ? *found : json::array({*found})) {
            if (!path.is_string())
                return fail(ErrorKind::Usage, "key 'include' has a value of the wrong type", where,
                            "a path, or a list of them");
            if (auto done = read(from.parent_path() / path.get<std::string>()); !done) return done;
        }
        object.erase(found);
        return {};
    }

    Result<void> take(json& object, const std::string& where) {
        for (const auto& [key, value] : object.items()) {
            if (is_comment(key)) continue;
            if (key != "user")
                if (auto expanded = expand(key, value); !expanded)
                    return tl::unexpected(expanded.error().at(where));
            if (key == "url") keys_.erase("pools");
            if (key == "pools") keys_.erase("url");
            keys_[key] = {value, where};
        }
        return {};
    }

    ConfigKeys keys_;
    std::vector<fs::path> open_;  // the one being read, and those that include it
    std::size_t files_ = 0;
};

}  // namespace

bool is_comment(const std::string& key) {
    return key.starts_with('_') || key.starts_with('#') || key.starts_with("//") || key == "comment";
}

Result<ConfigKeys> read_config(const std::string& path) {
    Reader reader;
    if (const auto done = reader.read(path); !done) return tl::unexpected(done.error());
    return std::move(reader.keys());
}

}  // namespace lode::app
