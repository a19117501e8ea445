#include "work/address.h"

#include <algorithm>
#include <optional>

#include "chain/network.h"
#include "crypto/base58.h"
#include "util/hex.h"
#include "work/bech32.h"

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
    return networks_where([&](const chain::Network& n) { return contains(n.addresses.hrp, hrp); });
}

Result<Address> parse_base58(std::string_view text) {
    const auto raw = crypto::decode_base58(text);
    if (!raw || raw->size() != 25) return fail(ErrorKind::Usage, "not an address", {}, kForms);
    const auto payload = crypto::checked_payload(*raw);
    if (!payload)
        return fail(ErrorKind::Usage, "wrong checksum, a character is mistyped or missing", {}, kForms);
    const std::uint8_t version = payload->front();
    auto networks =
        networks_where([&](const chain::Network& n) { return contains(n.addresses.p2pkh, version); });
    const bool script_hash = networks.empty();
    if (script_hash)
        networks =
            networks_where([&](const chain::Network& n) { return contains(n.addresses.p2sh, version); });
    if (networks.empty())
        return fail(ErrorKind::Usage, "unknown version byte " + std::to_string(version), {}, kForms);
    // P2PKH: OP_DUP OP_HASH160 <20> OP_EQUALVERIFY OP_CHECKSIG; P2SH: OP_HASH160 <20> OP_EQUAL
    Bytes script = script_hash ? Bytes{0xa9, 20} : Bytes{0x76, 0xa9, 20};
    const Bytes end = script_hash ? Bytes{0x87} : Bytes{0x88, 0xac};
    script.insert(script.end(), payload->begin() + 1, payload->end());
    script.insert(script.end(), end.begin(), end.end());
    return Address{std::string(text), std::move(script), std::move(networks)};
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
    const std::string_view hrp = lower.substr(0, separator);
    Bytes groups, covered = bech32_expanded(hrp);
    for (const char c : lower.substr(separator + 1)) {
        const auto digit = kBech32Digits.find(c);
        if (digit == std::string_view::npos)
            return fail(ErrorKind::Usage, "a character that bech32 does not have", {}, kForms);
        groups.push_back(static_cast<std::uint8_t>(digit));
    }
    covered.insert(covered.end(), groups.begin(), groups.end());
    const std::uint32_t check = bech32_polymod(covered);
    if (groups.size() < 7 || (check != kBech32 && check != kBech32m))
        return fail(ErrorKind::Usage, "wrong checksum, a character is mistyped or missing", {}, kForms);
    const std::uint8_t version = groups.front();
    if (check != (version == 0 ? kBech32 : kBech32m))
        return fail(ErrorKind::Usage, "wrong kind of checksum for its witness version", {},
                    "bech32 for version 0, bech32m above");
    const auto program = bytes_of_groups(std::span(groups).subspan(1, groups.size() - 7));
    const bool known = program && ((version == 0 && (program->size() == 20 || program->size() == 32)) ||
                                   (version == 1 && program->size() == 32));
    // Outputs of later witness versions are anyone-can-spend today, so paying to them would lose the coins.
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
