#include "source/node/fields.h"

#include <nlohmann/json.hpp>

#include "util/hex.h"

namespace lode::source::node {

using nlohmann::json;

json member(const json& value, const char* name) {
    return value.is_object() ? value.value(name, json()) : json();
}

std::string shown(const json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "an array";
    if (value.is_string()) return "'" + util::printable(value.get_ref<const std::string&>(), 70) + "'";
    return util::printable(value.dump(), 70);
}

Fields::Fields(const json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) error_ = Error{ErrorKind::Malformed, shown(object), where_, "a JSON object"};
}

void Fields::wrong(const char* name, const std::string& what, const std::string& expected) {
    if (!error_) error_ = Error{ErrorKind::Malformed, std::string(name) + " " + what, where_, expected};
}

void Fields::take(const std::optional<Error>& error) {
    if (!error_ && error) error_ = error->at(where_);
}

bool Fields::has(const char* name) const {
    if (!object_.is_object()) return false;
    const auto field = object_.find(name);
    return field != object_.end() && !field->is_null();
}

const json* Fields::find(const char* name, const std::string& expected) {
    if (has(name)) return &*object_.find(name);
    wrong(name, "is missing", expected);
    return nullptr;
}

std::uint64_t Fields::number(const char* name, std::uint64_t least, std::uint64_t most) {
    const std::string expected =
        "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const json* field = find(name, expected);
    if (field == nullptr) return least;
    const bool whole =
        field->is_number_unsigned() || (field->is_number_integer() && field->get<std::int64_t>() >= 0);
    const std::uint64_t value = whole ? field->get<std::uint64_t>() : 0;
    if (whole && value >= least && value <= most) return value;
    wrong(name, "is " + shown(*field), expected);
    return least;
}

std::uint64_t Fields::number_or(const char* name, std::uint64_t least, std::uint64_t most,
                                std::uint64_t otherwise) {
    return has(name) ? number(name, least, most) : otherwise;
}

std::string Fields::text(const char* name, std::size_t longest) {
    const std::string expected = "text of at most " + std::to_string(longest) + " bytes";
    const json* field = find(name, expected);
    if (field == nullptr) return {};
    if (!field->is_string() || field->get_ref<const std::string&>().size() > longest) {
        wrong(name, "is " + shown(*field), expected);
        return {};
    }
    return field->get<std::string>();
}

Hash256 Fields::hash(const char* name) {
    const json* field = find(name, "64 hex digits");
    if (field == nullptr) return {};
    const auto parsed =
        field->is_string() ? Hash256::from_hex(field->get_ref<const std::string&>()) : std::nullopt;
    if (!parsed) wrong(name, "is " + shown(*field), "64 hex digits");
    return parsed.value_or(Hash256{});
}

std::vector<std::uint8_t> Fields::bytes(const char* name, std::size_t most) {
    const std::string expected = "an even number of hex digits, at most " + std::to_string(most) + " bytes";
    const json* field = find(name, expected);
    if (field == nullptr) return {};
    auto parsed =
        field->is_string() ? util::from_hex(field->get_ref<const std::string&>(), most) : std::nullopt;
    if (!parsed) wrong(name, "is " + shown(*field), expected);
    return std::move(parsed).value_or(std::vector<std::uint8_t>{});
}

const json* Fields::array(const char* name, std::size_t most, bool optional) {
    if (optional && !has(name)) return nullptr;
    const std::string expected = "an array of at most " + std::to_string(most);
    const json* field = find(name, expected);
    if (field == nullptr) return nullptr;
    if (field->is_array() && field->size() <= most) return field;
    wrong(name, "is " + (field->is_array() ? std::to_string(field->size()) + " elements" : shown(*field)),
          expected);
    return nullptr;
}

}  // namespace lode::source::node
