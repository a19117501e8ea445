// Detects the format of a file of headers by its first bytes. Unrecognized data is an Error, never taken for
// headers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "chain/byte_stream.h"
#include "chain/network.h"

namespace lode::chain {

enum class FileFormat { Raw, Blocks, MaskedBlocks, Hex, Json, Store, Gzip };

[[nodiscard]] std::string_view name_of(FileFormat format);  // "raw headers", "blocks", …

inline constexpr std::size_t kFormatBytes = 160;  // needed to distinguish the formats; a file may be shorter

struct FileStart {
    FileFormat format = FileFormat::Raw;
    const Network* network = nullptr;  // by the magic of the blocks
    std::size_t skip = 0;              // bytes before the content: the byte order mark of UTF-8
};
// given: the expected network, which may be one not in the table; null: any. key: of the obfuscation, if
// known. The Error says what the file seems to be instead.
[[nodiscard]] Result<FileStart> recognise_file(std::span<const std::uint8_t> first, const Network* given,
                                               const std::optional<XorKey>& key);

}  // namespace lode::chain
