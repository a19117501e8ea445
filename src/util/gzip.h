// Streaming gzip decompression (RFC 1952).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "lode/result.h"

namespace lode::util {

// Fills the span; returns fewer bytes only at the end.
using ByteSource = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;

// The decompressed members of a gzip file, concatenated. Damaged or truncated data, or trailing data other
// than zeros, is an Error. Memory use is constant.
ByteSource gunzip(ByteSource packed);

}  // namespace lode::util
