// Real chain data for tests, from files outside the project.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lode/header.h"

namespace lode::test {

// Of $LODE_TEST_DATA, by default ../shared/data beside the checkout. nullopt if there is no such file.
std::optional<std::string> data_path(const std::string& name);
std::optional<std::string> read_data(const std::string& name);
// Raw 80-byte headers.
std::optional<std::vector<BlockHeader>> read_headers(const std::string& name);
// Rows of a CSV file, without its heading.
std::optional<std::vector<std::vector<std::string>>> read_csv(const std::string& name);

BlockHeader header_from_hex(const std::string& hex);

}  // namespace lode::test

// In a test: LODE_DATA(headers, read_headers("mainnet/…")); skips the test if the file is missing.
#define LODE_DATA(variable, call)                                     \
    const auto variable##_found = ::lode::test::call;                 \
    if (!variable##_found) GTEST_SKIP() << "no test data for " #call; \
    const auto& variable = *variable##_found
