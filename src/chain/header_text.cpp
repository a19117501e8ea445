#include "chain/header_text.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "util/hex.h"

namespace lode::chain {
namespace {

constexpr std::size_t kDigits = 2 * kHeaderSize;
constexpr std::size_t kMaxWord = 1024;
constexpr std::size_t kHashDigits = 64;
// Longer hex words, and longer words of any kind, are taken for broken headers: numbers, dates and table
// fields are shorter.
constexpr std::size_t kShortHex = 16, kLongWord = 100;

bool separates(char c) {
    return std::string_view(" \t\r\n\v\f,;:|=\"'`[]{}()").find(c) != std::string_view::npos;
}

bool is_hex(std::string_view word) {
    return word.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// A truncated or mistyped header, rather than another field.
bool resembles_header(std::string_view word) {
    if (is_hex(word)) return word.size() > kShortHex && word.size() != kHashDigits;
    return word.size() > kLongWord;
}

}  // namespace

Result<std::optional<HeaderText::Item>> HeaderText::next(ByteStream& in) {
    for (;;) {
        const auto ahead = in.peek(kMaxWord + 1);
        if (!ahead) return tl::unexpected(ahead.error());
        if (ahead->empty()) {
            if (const auto ended = end_line(); !ended) return tl::unexpected(ended.error());
            return std::nullopt;
        }
        const std::string_view text(reinterpret_cast<const char*>(ahead->data()), ahead->size());
        if (text.front() == '\n') {
            in.use(1);
            if (const auto ended = end_line(); !ended) return tl::unexpected(ended.error());
            continue;
        }
        comment_ = comment_ || (text.front() == '#' && !has_header_ && other_.empty());
        if (comment_) {
            in.use(std::min(text.find('\n'), text.size()));
            continue;
        }
        if (separates(text.front())) {
            in.use(1);
            continue;
        }
        const auto end = static_cast<std::size_t>(std::ranges::find_if(text, separates) - text.begin());
        if (end > kMaxWord) return tl::unexpected(not_a_header(text));
        auto item = take_word(text.substr(0, end));
        in.use(end);
        if (!item || *item) return item;
    }
}

Result<std::optional<HeaderText::Item>> HeaderText::take_word(std::string_view word) {
    std::array<std::uint8_t, kHeaderSize> raw{};
    if (word.size() == kDigits && util::from_hex(word, std::span<std::uint8_t>(raw))) {
        has_header_ = true;
        return Item{BlockHeader::parse(raw), line_};
    }
    if (resembles_header(word)) return tl::unexpected(not_a_header(word));
    all_hex_ = all_hex_ && is_hex(word);
    if (other_.empty()) other_ = word.substr(0, kLongWord);
    return std::nullopt;
}

Result<void> HeaderText::end_line() {
    const bool text = has_header_ || !other_.empty();
    const bool heading = heading_ && !all_hex_;
    if (text && !has_header_ && !json_ && !heading) return tl::unexpected(not_a_header(other_));
    if (text) heading_ = false;
    has_header_ = comment_ = false;
    all_hex_ = true;
    other_.clear();
    ++line_;
    return {};
}

Error HeaderText::not_a_header(std::string_view found) const {
    const std::string size = found.size() > kMaxWord ? fmt::format("over {} characters", kMaxWord)
                                                     : fmt::format("{} characters", found.size());
    return {ErrorKind::Malformed, fmt::format("\"{}\", {}", util::printable(found, 40), size),
            fmt::format("line {}", line_), fmt::format("a header of {} hex digits", kDigits)};
}

}  // namespace lode::chain
