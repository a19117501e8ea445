#include "app/paths.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include "util/hex.h"

namespace lode::app {

std::string default_data_dir() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
        return std::string(data) + "/lode";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return std::string(home) + "/.local/share/lode";
    return ".lode";
}

std::string expand_home(const std::string& path) {
    const char* home = std::getenv("HOME");
    return path.starts_with("~/") && home != nullptr ? home + path.substr(1) : path;
}

Result<void> prepare_data_dir(const std::string& directory) {
    std::error_code code;
    std::filesystem::create_directories(directory, code);
    if (!code && ::access(directory.c_str(), W_OK | X_OK) != 0) code = {errno, std::generic_category()};
    if (!code && !std::filesystem::is_directory(directory, code))
        code = std::make_error_code(std::errc::not_a_directory);
    if (!code) return {};
    return fail(ErrorKind::Usage, code.message(), "data directory " + util::printable(directory),
                "a directory that can be written; --data-dir names another");
}

}  // namespace lode::app
