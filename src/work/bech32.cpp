#include "work/bech32.h"

namespace lode::work {

std::uint32_t bech32_polymod(std::span<const std::uint8_t> groups) {
    constexpr std::array<std::uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                         0x2a1462b3};
    std::uint32_t check = 1;
    for (const std::uint8_t group : groups) {
        const std::uint32_t top = check >> 25;
        check = (check & 0x1ffffff) << 5 ^ group;
        for (std::size_t i = 0; i < 5; ++i)
            if ((top >> i & 1) != 0) check ^= kGenerator[i];
    }
    return check;
}

std::vector<std::uint8_t> bech32_expanded(std::string_view hrp) {
    std::vector<std::uint8_t> out;
    for (const char c : hrp) out.push_back(static_cast<std::uint8_t>(c >> 5));
    out.push_back(0);
    for (const char c : hrp) out.push_back(static_cast<std::uint8_t>(c & 31));
    return out;
}

std::string segwit_address(std::string_view hrp, unsigned version, std::span<const std::uint8_t> program) {
    std::vector<std::uint8_t> groups = {static_cast<std::uint8_t>(version)};
    std::uint32_t value = 0;
    unsigned bits = 0;
    for (const std::uint8_t byte : program) {
        value = (value << 8 | byte) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            groups.push_back(static_cast<std::uint8_t>(value >> (bits - 5) & 31));
    }
    if (bits > 0) groups.push_back(static_cast<std::uint8_t>(value << (5 - bits) & 31));
    auto covered = bech32_expanded(hrp);
    covered.insert(covered.end(), groups.begin(), groups.end());
    covered.resize(covered.size() + 6);
    const std::uint32_t check = bech32_polymod(covered) ^ (version == 0 ? kBech32 : kBech32m);
    std::string text = std::string(hrp) + "1";
    for (const std::uint8_t group : groups) text += kBech32Digits[group];
    for (int shift = 25; shift >= 0; shift -= 5) text += kBech32Digits[check >> shift & 31];
    return text;
}

}  // namespace lode::work
