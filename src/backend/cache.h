// Small remembered results: compiled programs, tuning, the fastest kernel. Losing them costs time, nothing
// else, so reading answers nothing and writing gives up silently when the directory does not cooperate.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "backend/registry.h"

namespace lode::backend {

// options.cache_dir, else $XDG_CACHE_HOME/lode, else ~/.cache/lode; empty where there is none.
std::filesystem::path cache_directory(const BackendOptions& options);

// The whole file, at most `limit` bytes; nothing where it is absent, unreadable or larger.
std::optional<std::string> read_cached(const BackendOptions& options, std::string_view name,
                                       std::size_t limit);
// Written beside and renamed, so that a reader never sees half of it.
void write_cached(const BackendOptions& options, std::string_view name, std::string_view content);

// What invalidates everything remembered: the version of lode and the compiler that built it.
std::string_view build_key();

}  // namespace lode::backend
