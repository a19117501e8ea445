// Headers in text: words of 160 hex digits, wherever they stand: a line each, several on a line, fields of
// CSV, strings of JSON. A word that looks like a broken header is an Error, as is a line without a header,
// unless it is a comment, a table heading, or part of JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chain/byte_stream.h"
#include "lode/header.h"

namespace lode::chain {

class HeaderText {
 public:
    struct Item {
        BlockHeader header;
        std::uint64_t line = 0;  // from 1
    };
    explicit HeaderText(bool json) : json_(json) {}

    // The next header, nullopt at the end.
    Result<std::optional<Item>> next(ByteStream& in);

 private:
    Result<std::optional<Item>> take_word(std::string_view word);
    Result<void> end_line();
    [[nodiscard]] Error not_a_header(std::string_view found) const;

    bool json_;
    bool heading_ = true;  // the first line with words may be a heading
    std::uint64_t line_ = 1;
    // Of this line:
    bool has_header_ = false, all_hex_ = true, comment_ = false;
    std::string other_;  // the beginning of its first word that is not a header
};

}  // namespace lode::chain
