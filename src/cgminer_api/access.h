// Who may use which commands of the cgminer API.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "lode/result.h"

namespace lode::cgminer_api {

// What a group of addresses may do.
struct Rights {
    bool reads = true;                    // every command that changes nothing
    bool writes = false;                  // every other one
    std::vector<std::string> commands{};  // these besides

    [[nodiscard]] bool allow(std::string_view command, bool privileged) const;
};

class Access {
 public:
    // In cgminer's notation (its API-README): addresses, each with its group, such as
    // "W:127.0.0.1,R:192.168.0/24,[::1]", and groups, such as "P:switchpool:quit:*". R reads, W may do
    // everything. No address at all: whoever can connect may read. Usage: what cannot be understood.
    static Result<Access> parse(std::string_view allow, std::string_view groups);

    // Of the first address that matches; nothing: it may not even connect.
    [[nodiscard]] std::optional<Rights> of(const boost::asio::ip::address& address) const;

 private:
    struct Entry {
        std::array<std::uint8_t, 16> network{};  // IPv4 mapped into IPv6
        unsigned prefix = 0;                     // bits of it that count
        char group = 'R';
    };
    static Result<Entry> parse_entry(std::string_view text);
    Result<void> add_group(std::string_view text);

    std::vector<Entry> entries_;
    std::map<char, Rights> groups_;
};

}  // namespace lode::cgminer_api
