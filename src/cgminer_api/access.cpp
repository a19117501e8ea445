#include "cgminer_api/access.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "cgminer_api/commands.h"
#include "util/hex.h"

namespace lode::cgminer_api {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned kBits = 128, kMappedBits = 96;  // of IPv6, and of what stands before an IPv4 address in it

std::array<std::uint8_t, 16> bytes_of(const ip::address& address) {
    if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
    return address.to_v6().to_bytes();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::optional<unsigned> number(std::string_view text, unsigned most) {
    unsigned value = 0;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || stop != text.data() + text.size() || value > most) return std::nullopt;
    return value;
}

// "192.168" is 192.168.0.0, as cgminer has it.
std::optional<ip::address> parse_address(std::string_view text) {
    std::string full(text);
    const bool v6 = full.starts_with('[') && full.ends_with(']');
    if (v6) full = full.substr(1, full.size() - 2);
    for (auto dots = std::ranges::count(full, '.'); !v6 && dots < 3; ++dots) full += ".0";
    boost::system::error_code error;
    const auto address = ip::make_address(full, error);
    if (error || address.is_v6() != v6) return std::nullopt;
    return address;
}

bool matches(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, unsigned prefix) {
    const std::size_t whole = prefix / 8;
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
    return prefix % 8 == 0 || ((a.at(whole) ^ b.at(whole)) >> (8 - prefix % 8)) == 0;
}

bool names_group(std::string_view text) {
    return text.size() >= 2 && std::isalpha(static_cast<unsigned char>(text[0])) != 0 && text[1] == ':';
}

char letter(char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

}  // namespace

bool Rights::allow(std::string_view command, bool privileged) const {
    return (privileged ? writes : reads) || std::ranges::find(commands, command) != commands.end();
}

Result<Access> Access::parse(std::string_view allow, std::string_view groups) {
    Access access;
    access.groups_ = {{'R', Rights{}}, {'W', Rights{.writes = true}}};
    for (const auto text : split(groups, ','))
        if (auto added = access.add_group(text); !added) return tl::unexpected(added.error());
    for (const auto text : split(allow, ',')) {
        auto entry = parse_entry(text);
        if (!entry) return tl::unexpected(entry.error());
        if (!access.groups_.contains(entry->group))
            return fail(ErrorKind::Usage, std::string("no such group: ") + entry->group, "API access list",
                        "R, W or a group that was defined");
        access.entries_.push_back(*entry);
    }
    if (access.entries_.empty()) access.entries_.push_back({});
    return access;
}

Result<void> Access::add_group(std::string_view text) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorKind::Usage, what, "API group '" + util::printable(text, 40) + "'",
                    "a letter other than R and W, then commands, such as P:switchpool:*");
    };
    if (!names_group(text) || groups_.contains(letter(text[0]))) return wrong("no new group");
    Rights rights{.reads = false};
    for (const auto command : split(text.substr(2), ':')) {
        if (command == "*")
            rights.reads = true;
        else if (find_command(command) == nullptr)
            return wrong("no command '" + util::printable(command, 40) + "'");
        else
            rights.commands.emplace_back(command);
    }
    groups_.emplace(letter(text[0]), std::move(rights));
    return {};
}

Result<Access::Entry> Access::parse_entry(std::string_view text) {
    Entry entry;
    std::string_view rest = text;
    if (names_group(rest)) {
        entry.group = letter(rest[0]);
        rest.remove_prefix(2);
    }
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto address = parse_address(rest.substr(0, slash));
    const unsigned bits = address && address->is_v4() ? kBits - kMappedBits : kBits;
    const auto prefix = slash == rest.size() ? bits : number(rest.substr(slash + 1), bits);
    if (!address || !prefix)
        return fail(ErrorKind::Usage, "'" + util::printable(text, 60) + "' is no address", "API access list",
                    "such as W:127.0.0.1, 192.168.0/24 or [::1]");
    entry.network = bytes_of(*address);
    entry.prefix = *prefix == 0 ? 0 : kBits - bits + *prefix;  // 0/0 is every address, of IPv6 too
    return entry;
}

std::optional<Rights> Access::of(const ip::address& address) const {
    const auto bytes = bytes_of(address);
    for (const auto& entry : entries_)
        if (matches(bytes, entry.network, entry.prefix)) return groups_.at(entry.group);
    return std::nullopt;
}

}  // namespace lode::cgminer_api
