// The bytes that `lode chain import` reads: of a file, or of standard input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chain/byte_stream.h"

namespace lode::app {

struct ImportSource {
    chain::ByteSource bytes;
    std::uint64_t size = 0;            // 0: not known
    std::optional<chain::XorKey> key;  // from xor.dat, for block files
};

// path: "-" is standard input.
Result<ImportSource> open_import_source(const std::string& path);

}  // namespace lode::app
