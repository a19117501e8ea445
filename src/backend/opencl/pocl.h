#pragma once

#include <filesystem>

namespace lode::backend::opencl {

// PoCL keeps files of its own while it compiles, below XDG_CACHE_HOME or HOME, and has no device where it
// cannot. Then this gives it a directory below `temporary`, by its variable POCL_CACHE_DIR. To be called
// before PoCL is asked for devices, while no other thread reads the environment.
void find_room_for_pocl(const std::filesystem::path& temporary = std::filesystem::temp_directory_path());

}  // namespace lode::backend::opencl
