#include "source/stratum/json_values.h"

#include <charconv>
#include <cmath>

#include "util/hex.h"

namespace lode::source::stratum {
namespace {

template <typename Number>
std::optional<Number> number_in(const std::string& text) {
    Number number{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

tl::unexpected<Error> bad(const char* where, std::string what, std::string expected) {
    return fail(ErrorKind::Malformed, std::move(what), where, std::move(expected));
}

std::string shown(const Json& value) {
    return util::printable(value.dump(-1, ' ', true, Json::error_handler_t::replace), 40);
}

const Json& member(const Json& object, const char* key) {
    static const Json kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
}

std::optional<std::int64_t> integer(const Json& value) {
    constexpr double kExact = 9007199254740992;  // 2^53: up to here a double is exact
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_string()) return number_in<std::int64_t>(value.get_ref<const std::string&>());
    if (!value.is_number_float()) return std::nullopt;
    const double number = value.get<double>();
    if (std::trunc(number) != number || std::abs(number) > kExact) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

std::optional<double> real(const Json& value) {
    std::optional<double> number;
    if (value.is_number()) number = value.get<double>();
    if (value.is_string()) number = number_in<double>(value.get_ref<const std::string&>());
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> boolean(const Json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value == "true") return true;
    if (value == "false") return false;
    const auto number = integer(value);
    if (number == 0) return false;
    if (number == 1) return true;
    return std::nullopt;
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

}  // namespace lode::source::stratum
