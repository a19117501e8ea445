#include "util/hex.h"

namespace lode::util {
namespace {

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Length of the well-formed UTF-8 sequence at the start of text (Unicode 15, table 3-7), 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
        const bool surrogate = lead == 0xed && byte(1) > 0x9f;
        return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const bool overlong = lead == 0xf0 && byte(1) < 0x90;
        const bool too_high = lead == 0xf4 && byte(1) > 0x8f;
        return tail(1) && tail(2) && tail(3) && !overlong && !too_high ? 4 : 0;
    }
    return 0;
}

// Invisible or reordering characters, which could make a line misleading: C1 controls, bidirectional marks,
// line separators.
bool deceptive(std::string_view sequence) {
    if (sequence.size() == 2 && sequence[0] == '\xc2') return static_cast<unsigned char>(sequence[1]) < 0xa0;
    if (sequence.size() != 3 || sequence[0] != '\xe2') return false;
    const auto b1 = static_cast<unsigned char>(sequence[1]), b2 = static_cast<unsigned char>(sequence[2]);
    return (b1 == 0x80 && ((b2 >= 0x8b && b2 <= 0x8f) || (b2 >= 0xa8 && b2 <= 0xae))) ||
           (b1 == 0x81 && b2 >= 0xa6 && b2 <= 0xa9);
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t b : bytes) {
        text += kDigits[b >> 4];
        text += kDigits[b & 15];
    }
    return text;
}

bool from_hex(std::string_view hex, std::span<std::uint8_t> out) {
    if (hex.size() != 2 * out.size()) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view hex, std::size_t max_bytes) {
    if (hex.size() % 2 != 0 || hex.size() / 2 > max_bytes) return std::nullopt;
    std::vector<std::uint8_t> bytes(hex.size() / 2);
    if (!from_hex(hex, std::span(bytes))) return std::nullopt;
    return bytes;
}

std::optional<std::uint32_t> hex_u32(std::string_view hex) {
    if (hex.starts_with("0x") || hex.starts_with("0X")) hex.remove_prefix(2);
    if (hex.empty() || hex.size() > 8) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : hex) {
        if (digit(c) < 0) return std::nullopt;
        value = value << 4 | static_cast<std::uint32_t>(digit(c));
    }
    return value;
}

std::string printable(std::string_view text, std::size_t max) {
    std::string out;
    while (!text.empty()) {
        const std::size_t n = utf8_length(text);
        const auto first = static_cast<unsigned char>(text[0]);
        const bool plain = n > 1 ? !deceptive(text.substr(0, n)) : n == 1 && first >= 0x20 && first != 0x7f;
        if (out.size() + (plain ? n : 1) > max) return out + "...";
        if (plain) {
            out += text.substr(0, n);
        } else {
            out += '?';
        }
        text.remove_prefix(n > 0 ? n : 1);
    }
    return out;
}

}  // namespace lode::util
