// Reading a JSON object from a node: every field checked for presence, type and range. The first Error is
// kept and later reads return defaults, so a parser reads all fields and checks once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "lode/error.h"
#include "lode/header.h"

namespace lode::source::node {

class Fields {
 public:
    // The object must outlive this; where: "template", "transaction 3".
    Fields(const nlohmann::json& object, std::string where);

    [[nodiscard]] bool has(const char* name) const;  // present, and not null
    std::uint64_t number(const char* name, std::uint64_t least, std::uint64_t most);
    std::uint64_t number_or(const char* name, std::uint64_t least, std::uint64_t most,
                            std::uint64_t otherwise);
    std::string text(const char* name, std::size_t longest);
    Hash256 hash(const char* name);  // 64 hex digits, display order
    std::vector<std::uint8_t> bytes(const char* name, std::size_t most);
    // Elements of an array; a missing array is an Error unless optional.
    const nlohmann::json* array(const char* name, std::size_t most, bool optional);

    void wrong(const char* name, const std::string& what, const std::string& expected);
    void take(const std::optional<Error>& error);  // of a part
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
    const nlohmann::json* find(const char* name, const std::string& expected);

    const nlohmann::json& object_;
    std::string where_;
    std::optional<Error> error_;
};

// The member, or null if value is not an object or lacks it.
nlohmann::json member(const nlohmann::json& value, const char* name);

// A value for an Error's text: printable and short.
std::string shown(const nlohmann::json& value);

}  // namespace lode::source::node
