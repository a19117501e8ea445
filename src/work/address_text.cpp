#include "work/address_text.h"

#include <algorithm>
#include <vector>

#include "chain/network.h"
#include "crypto/sha256.h"
#include "work/address.h"
#include "work/bech32.h"

namespace lode::work {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Script = std::span<const std::uint8_t>;

// Base58 of the version, the payload and four bytes of their SHA-256d.
std::string base58check(std::uint8_t version, Script payload) {
    Bytes raw = {version};
    raw.insert(raw.end(), payload.begin(), payload.end());
    const auto check = crypto::sha256d(raw);
    raw.insert(raw.end(), check.bytes.begin(), check.bytes.begin() + 4);
    constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    std::string text;
    for (Bytes rest = raw; std::ranges::any_of(rest, [](std::uint8_t b) { return b != 0; });) {
        unsigned remainder = 0;
        for (auto& byte : rest) {  // divided by 58, from the most significant byte on
            remainder = remainder << 8 | byte;
            byte = static_cast<std::uint8_t>(remainder / 58);
            remainder %= 58;
        }
        text += kDigits[remainder];
    }
    for (std::size_t i = 0; i < raw.size() && raw[i] == 0; ++i) text += '1';
    return {text.rbegin(), text.rend()};
}

bool starts(Script script, std::initializer_list<std::uint8_t> bytes) {
    return script.size() >= bytes.size() && std::ranges::equal(bytes, script.first(bytes.size()));
}

}  // namespace

std::string address_text(Script script, std::string_view network) {
    const chain::Network* const row = chain::find_network(network);
    if (row == nullptr || row->addresses.hrp.empty()) return {};
    const auto& forms = row->addresses;
    if (script.size() == 25 && starts(script, {0x76, 0xa9, 20}) && script[23] == 0x88 && script[24] == 0xac)
        return base58check(forms.p2pkh.front(), script.subspan(3, 20));
    if (script.size() == 23 && starts(script, {0xa9, 20}) && script[22] == 0x87)
        return base58check(forms.p2sh.front(), script.subspan(2, 20));
    const bool version_0 = starts(script, {0, 20}) || starts(script, {0, 32});
    const bool version_1 = starts(script, {0x51, 32});
    if ((version_0 || version_1) && script.size() == 2u + script[1])
        return segwit_address(forms.hrp.front(), version_1 ? 1 : 0, script.subspan(2));
    return {};
}

}  // namespace lode::work
