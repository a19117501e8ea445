#pragma once

#include <filesystem>

namespace lode::backend::opencl {

// PoCL writes files below XDG_CACHE_HOME or HOME while it compiles, and offers no device if it cannot. In
// that case this sets POCL_CACHE_DIR to a directory below `temporary`. To be called before PoCL is asked for
// devices, while no other thread reads the environment.
void ensure_pocl_cache(const std::filesystem::path& temporary = std::filesystem::temp_directory_path());

}  // namespace lode::backend::opencl
