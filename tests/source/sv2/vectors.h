// External vectors for Stratum V2: those of the BIPs and recorded handshakes, in the data directory of
// support/data.h.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "source/sv2/wire.h"
#include "support/data.h"
#include "util/hex.h"

namespace lode::source::sv2 {

using Row = std::vector<std::string>;

inline std::optional<std::vector<Row>> vectors(const std::string& name) {
    return test::read_csv("../vectors/" + name);
}

inline Bytes from_hex(const std::string& hex) {
    auto bytes = util::from_hex(hex);
    if (!bytes) throw std::runtime_error("not hex: " + hex);
    return *bytes;
}

template <typename Array>
Array array_from_hex(const std::string& hex) {
    Array out{};
    if (!util::from_hex(hex, std::span<std::uint8_t>(out))) throw std::runtime_error("not an array: " + hex);
    return out;
}

}  // namespace lode::source::sv2

// In a test: the rows of a file of vectors; skips the test if it is missing.
#define SV2_VECTORS(variable, name)                                   \
    const auto variable##_found = ::lode::source::sv2::vectors(name); \
    if (!variable##_found) GTEST_SKIP() << "no vectors " name;        \
    const auto& variable = *variable##_found
