#include "crypto/base58.h"

#include <algorithm>

#include "crypto/sha256.h"

namespace lode::crypto {

std::optional<std::vector<std::uint8_t>> decode_base58(std::string_view text) {
    constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    std::vector<std::uint8_t> number;  // big-endian, base 256
    for (const char c : text) {
        const auto digit = kDigits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        auto carry = static_cast<std::uint32_t>(digit);
        for (std::size_t i = number.size(); i-- > 0; carry >>= 8) {
            carry += 58u * number[i];
            number[i] = static_cast<std::uint8_t>(carry);
        }
        if (carry != 0) number.insert(number.begin(), static_cast<std::uint8_t>(carry));
    }
    const auto zeros = std::min(text.find_first_not_of('1'), text.size());
    number.insert(number.begin(), zeros, 0);
    return number;
}

std::optional<std::span<const std::uint8_t>> checked_payload(std::span<const std::uint8_t> raw) {
    if (raw.size() < 4) return std::nullopt;
    const auto payload = raw.first(raw.size() - 4);
    const Hash256 hash = sha256d(payload);
    if (!std::ranges::equal(raw.last(4), std::span(hash.bytes).first<4>())) return std::nullopt;
    return payload;
}

}  // namespace lode::crypto
