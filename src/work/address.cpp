#include "work/address.h"

#include <algorithm>
#include <array>
#include <optional>

#include "chain/network.h"
#include "crypto/sha256.h"
#include "util/hex.h"

namespace lode::work {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr auto kForms = "a P2PKH, P2SH, P2WPKH, P2WSH or P2TR address";
constexpr std::size_t kMaxLength = 90;  // BIP 173

// Names of the networks for which the condition holds.
template <typename Condition>
std::vector<std::string_view> networks_where(Condition condition) {
    std::vector<std::string_view> names;
    for (const chain::Network& network : chain::networks())
        if (condition(network)) names.push_back(network.name);
    return names;
}

template <typename List, typename Value>
bool contains(const List& list, const Value& value) {
    return std::ranges::find(list, value) != list.end();
}

std::vector<std::string_view> networks_of_prefix(std::string_view hrp) {
    return networks_where([&](const chain::Network& n) { return contains(n.hrp, hrp); });
}

std::optional<Bytes> decode_base58(std::string_view text) {
    constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    Bytes number;  // big-endian, base 256
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

Result<Address> parse_base58(std::string_view text) {
    const auto raw = decode_base58(text);
    if (!raw || raw->size() != 25) return fail(ErrorKind::Usage, "not an address", {}, kForms);
    const std::span<const std::uint8_t> payload = std::span(*raw).first(21);
    if (!std::equal(raw->begin() + 21, raw->end(), crypto::sha256d(payload).bytes.begin()))
        return fail(ErrorKind::Usage, "wrong checksum, a character is mistyped or missing", {}, kForms);
    const std::uint8_t version = raw->front();
    auto networks = networks_where([&](const chain::Network& n) { return contains(n.p2pkh, version); });
    const bool script_hash = networks.empty();
    if (script_hash)
        networks = networks_where([&](const chain::Network& n) { return contains(n.p2sh, version); });
    if (networks.empty())
        return fail(ErrorKind::Usage, "unknown version byte " + std::to_string(version), {}, kForms);
    // P2PKH: OP_DUP OP_HASH160 <20> OP_EQUALVERIFY OP_CHECKSIG; P2SH: OP_HASH160 <20> OP_EQUAL
    Bytes script = script_hash ? Bytes{0xa9, 20} : Bytes{0x76, 0xa9, 20};
    const Bytes end = script_hash ? Bytes{0x87} : Bytes{0x88, 0xac};
    script.insert(script.end(), payload.begin() + 1, payload.end());
    script.insert(script.end(), end.begin(), end.end());
    return Address{std::string(text), std::move(script), std::move(networks)};
}

// The BCH code of BIP 173: 1 for bech32, 0x2bc830a3 for bech32m (BIP 350).
std::uint32_t bech32_polymod(const Bytes& values) {
    constexpr std::array<std::uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                         0x2a1462b3};
    std::uint32_t check = 1;
    for (const std::uint8_t value : values) {
        const std::uint32_t top = check >> 25;
        check = (check & 0x1ffffff) << 5 ^ value;
        for (std::size_t i = 0; i < 5; ++i)
            if ((top >> i & 1) != 0) check ^= kGenerator[i];
    }
    return check;
}

// Groups of 5 bits to bytes; nothing where the padding is not fewer than 5 zero bits.
std::optional<Bytes> bytes_of_groups(std::span<const std::uint8_t> groups) {
    Bytes out;
    std::uint32_t bits = 0, value = 0;
    for (const std::uint8_t group : groups) {
        value = (value << 5 | group) & 0xfff;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        out.push_back(static_cast<std::uint8_t>(value >> bits));
    }
    if (bits >= 5 || (value & ((1u << bits) - 1)) != 0) return std::nullopt;
    return out;
}

Result<Address> parse_bech32(std::string_view lower, std::size_t separator) {
    constexpr std::string_view kDigits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const std::string_view hrp = lower.substr(0, separator);
    Bytes groups, expanded;
    for (const char c : lower.substr(separator + 1)) {
        const auto digit = kDigits.find(c);
        if (digit == std::string_view::npos)
            return fail(ErrorKind::Usage, "a character that bech32 does not have", {}, kForms);
        groups.push_back(static_cast<std::uint8_t>(digit));
    }
    for (const char c : hrp) expanded.push_back(static_cast<std::uint8_t>(c >> 5));
    expanded.push_back(0);
    for (const char c : hrp) expanded.push_back(static_cast<std::uint8_t>(c & 31));
    expanded.insert(expanded.end(), groups.begin(), groups.end());
    const std::uint32_t check = bech32_polymod(expanded);
    if (groups.size() < 7 || (check != 1 && check != 0x2bc830a3))
        return fail(ErrorKind::Usage, "wrong checksum, a character is mistyped or missing", {}, kForms);
    const std::uint8_t version = groups.front();
    if (check != (version == 0 ? 1u : 0x2bc830a3u))
        return fail(ErrorKind::Usage, "wrong kind of checksum for its witness version", {},
                    "bech32 for version 0, bech32m above");
    const auto program = bytes_of_groups(std::span(groups).subspan(1, groups.size() - 7));
    const bool known = program && ((version == 0 && (program->size() == 20 || program->size() == 32)) ||
                                   (version == 1 && program->size() == 32));
    // Later witness versions are anyone's to spend today: paying them would give the coins away.
    if (!known) return fail(ErrorKind::Usage, "unknown witness version or length", {}, kForms);
    Bytes script = {static_cast<std::uint8_t>(version == 0 ? 0 : 0x50 + version),
                    static_cast<std::uint8_t>(program->size())};
    script.insert(script.end(), program->begin(), program->end());
    return Address{std::string(lower), std::move(script), networks_of_prefix(hrp)};
}

Result<Address> parse_either(std::string_view text) {
    if (text.empty()) return fail(ErrorKind::Usage, "empty address", {}, kForms);
    if (text.size() > kMaxLength) return fail(ErrorKind::Usage, "too long for an address", {}, kForms);
    std::string lower(text), upper(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    const auto separator = lower.rfind('1');
    const bool one_case = text == lower || text == upper;  // BIP 173 forbids mixing
    if (separator != std::string::npos && !networks_of_prefix(lower.substr(0, separator)).empty()) {
        if (one_case) return parse_bech32(lower, separator);
        return fail(ErrorKind::Usage, "upper and lower case mixed", {}, kForms);
    }
    return parse_base58(text);
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    auto address = parse_either(text);
    if (!address) return tl::unexpected(address.error().at("address '" + util::printable(text, 100) + "'"));
    return address;
}

Result<void> check_network(const Address& address, std::string_view network) {
    if (std::ranges::find(address.networks, network) != address.networks.end()) return {};
    std::string theirs;
    for (const auto& name : address.networks) theirs += (theirs.empty() ? "" : ", ") + std::string(name);
    return fail(ErrorKind::Usage, "belongs to another network (" + theirs + ")",
                "address '" + util::printable(address.text, 100) + "'",
                "an address of " + util::printable(network, 20));
}

}  // namespace lode::work
