#include "support/data.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "util/hex.h"

namespace lode::test {

std::optional<std::string> data_path(const std::string& name) {
    const char* given = std::getenv("LODE_TEST_DATA");
    const std::filesystem::path root =
        given != nullptr && *given != '\0' ? given : LODE_SOURCE_DIR "/../shared/data";
    const auto path = root / name;
    if (!std::filesystem::exists(path)) return std::nullopt;
    return path.string();
}

std::optional<std::string> read_data(const std::string& name) {
    const auto path = data_path(name);
    if (!path) return std::nullopt;
    std::ifstream file(*path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::optional<std::vector<BlockHeader>> read_headers(const std::string& name) {
    const auto bytes = read_data(name);
    if (!bytes) return std::nullopt;
    if (bytes->size() % kHeaderSize != 0) throw std::runtime_error(name + " is not whole headers");
    std::vector<BlockHeader> headers;
    for (std::size_t at = 0; at < bytes->size(); at += kHeaderSize)
        headers.push_back(BlockHeader::parse(std::span<const std::uint8_t, kHeaderSize>(
            reinterpret_cast<const std::uint8_t*>(bytes->data()) + at, kHeaderSize)));
    return headers;
}

std::optional<std::vector<std::vector<std::string>>> read_csv(const std::string& name) {
    const auto text = read_data(name);
    if (!text) return std::nullopt;
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(*text);
    std::string line, field;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        auto& row = rows.emplace_back();
        std::istringstream fields(line);
        while (std::getline(fields, field, ',')) row.push_back(field);
    }
    return rows;
}

BlockHeader header_from_hex(const std::string& hex) {
    std::array<std::uint8_t, kHeaderSize> raw{};
    if (!util::from_hex(hex, std::span<std::uint8_t>(raw))) throw std::runtime_error("not a header: " + hex);
    return BlockHeader::parse(raw);
}

}  // namespace lode::test
