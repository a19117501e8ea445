// A cache of small files: compiled programs, tuning results, the fastest kernel. Losing it only costs time,
// so read and write errors are ignored.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "backend/registry.h"

namespace lode::backend {

// options.cache_dir, else $XDG_CACHE_HOME/lode, else ~/.cache/lode; empty if there is none.
std::filesystem::path cache_directory(const BackendOptions& options);

// The whole file, at most `limit` bytes; nullopt if it is absent, unreadable or larger.
std::optional<std::string> read_cached(const BackendOptions& options, std::string_view name,
                                       std::size_t limit);
// Written to a temporary file and renamed, so that readers never see a partial file.
void write_cached(const BackendOptions& options, std::string_view name, std::string_view content);

// Part of every cache key: the version of lode and the compiler that built it.
std::string_view build_key();

}  // namespace lode::backend
