// The messages of Bitcoin's P2P protocol for syncing headers and exchanging blocks.
// Formats: the protocol documentation of developer.bitcoin.org; sendheaders: BIP 130.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "p2p/wire.h"

namespace lode::p2p {

inline constexpr std::uint32_t kProtocolVersion = 70016;
inline constexpr std::uint32_t kMinProtocolVersion = 70012;  // sendheaders, Bitcoin Core 0.12 of 2016
inline constexpr std::uint64_t kNodeNetwork = 1;             // service bit: has blocks, not only headers
inline constexpr std::size_t kMaxHeaders = 2000;             // per headers message
inline constexpr std::size_t kMaxLocator = 101;
inline constexpr std::size_t kMaxInventory = 50'000;
inline constexpr std::size_t kMaxUserAgent = 256;

struct Version {
    std::uint32_t protocol = kProtocolVersion;
    std::uint64_t services = 0;
    std::int64_t time = 0;
    std::uint64_t nonce = 0;  // detects connections to ourselves
    std::string user_agent;   // as received: not made printable
    std::int32_t height = 0;  // of its best chain, as claimed
    bool relay = false;       // whether transactions should be relayed
    friend bool operator==(const Version&, const Version&) = default;
};
struct Verack {
    friend bool operator==(const Verack&, const Verack&) = default;
};
struct Ping {
    std::uint64_t nonce = 0;
    friend bool operator==(const Ping&, const Ping&) = default;
};
struct Pong {
    std::uint64_t nonce = 0;
    friend bool operator==(const Pong&, const Pong&) = default;
};
struct SendHeaders {
    friend bool operator==(const SendHeaders&, const SendHeaders&) = default;
};
struct GetHeaders {
    std::vector<Hash256> locator;  // newest first
    Hash256 stop;                  // zero: as many as fit
    friend bool operator==(const GetHeaders&, const GetHeaders&) = default;
};
struct Headers {
    std::vector<BlockHeader> headers;
    friend bool operator==(const Headers&, const Headers&) = default;
};
struct InventoryItem {
    static constexpr std::uint32_t kBlock = 2;
    static constexpr std::uint32_t kWitnessBlock = 0x40000002;  // BIP 144
    std::uint32_t type = kBlock;
    Hash256 hash;
    [[nodiscard]] bool is_block() const { return type == kBlock || type == kWitnessBlock; }
    friend bool operator==(const InventoryItem&, const InventoryItem&) = default;
};
struct Inventory {
    std::vector<InventoryItem> items;
    friend bool operator==(const Inventory&, const Inventory&) = default;
};
struct GetData {
    std::vector<InventoryItem> items;
    friend bool operator==(const GetData&, const GetData&) = default;
};
struct NotFound {
    std::vector<InventoryItem> items;
    friend bool operator==(const NotFound&, const NotFound&) = default;
};
struct BlockData {
    Bytes raw;  // not parsed
    friend bool operator==(const BlockData&, const BlockData&) = default;
};
struct Other {  // a message that lode ignores: transactions, addresses, fees, …
    std::string command;
    friend bool operator==(const Other&, const Other&) = default;
};

using Message = std::variant<Version, Verack, Ping, Pong, SendHeaders, GetHeaders, Headers, Inventory,
                             GetData, NotFound, BlockData, Other>;

// Bytes after a message's known fields are ignored, as in Bitcoin Core: later versions may add fields.
Result<Message> parse(const Frame& frame);
// The complete message, with its envelope.
Bytes serialize(const Magic& magic, const Message& message);
std::string_view command_of(const Message& message);  // valid as long as the message

}  // namespace lode::p2p
