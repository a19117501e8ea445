#include "backend/cache.h"

#include <cstdlib>
#include <fstream>
#include <random>
#include <system_error>

namespace lode::backend {

namespace fs = std::filesystem;

fs::path cache_directory(const BackendOptions& options) {
    if (!options.cache_dir.empty()) return options.cache_dir;
    // XDG Base Directory Specification: a relative path counts as unset.
    if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && xdg[0] == '/')
        return fs::path(xdg) / "lode";
    if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/')
        return fs::path(home) / ".cache" / "lode";
    return {};
}

std::optional<std::string> read_cached(const BackendOptions& options, std::string_view name,
                                       std::size_t limit) {
    const fs::path directory = cache_directory(options);
    if (directory.empty()) return std::nullopt;
    std::ifstream file(directory / name, std::ios::binary);
    std::string content(limit + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (!file.eof() || content.size() > limit) return std::nullopt;
    return content;
}

void write_cached(const BackendOptions& options, std::string_view name, std::string_view content) {
    const fs::path directory = cache_directory(options);
    if (directory.empty()) return;
    std::error_code failed;
    fs::create_directories(directory, failed);
    const fs::path target = directory / name;
    const fs::path beside = target.string() + "." + std::to_string(std::random_device{}()) + ".new";
    std::ofstream file(beside, std::ios::binary);
    file << content;
    file.close();
    if (file) fs::rename(beside, target, failed);
    if (!file || failed) fs::remove(beside, failed);
}

std::string_view build_key() {
    return "lode " LODE_VERSION ", " __VERSION__;
}

}  // namespace lode::backend
