#include "backend/opencl/pocl.h"

#include <cstdlib>
#include <string>
#include <system_error>
#include <unistd.h>

#include <sys/stat.h>

namespace lode::backend::opencl {
namespace {

namespace fs = std::filesystem;

bool has_room(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);  // as PoCL would
    return !error && access(directory.c_str(), W_OK | X_OK) == 0;
}

// PoCL executes files that it finds there, so only this user may have access.
bool is_private(const fs::path& directory) {
    struct stat status {};
    return lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
           (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

}  // namespace

void ensure_pocl_cache(const fs::path& temporary) {
    if (std::getenv("POCL_CACHE_DIR") != nullptr) return;
    const char* xdg = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    if (xdg == nullptr && home == nullptr) return;  // PoCL then uses a temporary directory itself
    const fs::path usual = xdg != nullptr ? fs::path(xdg) : fs::path(home) / ".cache";
    if (has_room(usual / "pocl" / "kcache")) return;
    const fs::path instead = temporary / ("lode-pocl-" + std::to_string(geteuid()));
    mkdir(instead.c_str(), S_IRWXU);
    if (is_private(instead)) setenv("POCL_CACHE_DIR", instead.c_str(), 0);
}

}  // namespace lode::backend::opencl
