#include "p2p/messages.h"

#include <fmt/core.h>

namespace lode::p2p {
namespace {

constexpr std::size_t kNetworkAddress = 26;  // services, IPv6 address, port: sent as zeros, skipped when read

// Parsing: one overload per message. A count is checked against the bytes left before memory is reserved.
void read(Reader& in, Version& m) {
    m.protocol = in.u32();
    m.services = in.u64();
    m.time = static_cast<std::int64_t>(in.u64());
    in.bytes(2 * kNetworkAddress);
    m.nonce = in.u64();
    const auto agent = in.bytes(in.count(kMaxUserAgent));
    m.user_agent.assign(agent.begin(), agent.end());
    m.height = static_cast<std::int32_t>(in.u32());
    m.relay = in.left() == 0 || in.u8() != 0;  // BIP 37: absent means true
}
void read(Reader&, Verack&) {}
void read(Reader& in, Ping& m) {
    m.nonce = in.u64();
}
void read(Reader& in, Pong& m) {
    m.nonce = in.u64();
}
void read(Reader&, SendHeaders&) {}
void read(Reader& in, GetHeaders& m) {
    in.u32();  // protocol version, unused
    const std::size_t count = in.count(kMaxLocator);
    for (std::size_t i = 0; i < count && in.ok(); ++i) m.locator.push_back(in.hash());
    m.stop = in.hash();
}
void read(Reader& in, Headers& m) {
    const std::size_t count = in.count(kMaxHeaders);
    if (in.left() < count * (kHeaderSize + 1)) {
        in.bytes(in.left() + 1);
        return;
    }
    m.headers.reserve(count);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        const auto raw = in.bytes(kHeaderSize);
        in.compact_size();  // number of transactions: always 0 here
        if (in.ok()) m.headers.push_back(BlockHeader::parse(raw.first<kHeaderSize>()));
    }
}
void read(Reader& in, std::vector<InventoryItem>& items) {
    const std::size_t count = in.count(kMaxInventory);
    if (in.left() < count * 36) {
        in.bytes(in.left() + 1);
        return;
    }
    items.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t type = in.u32();
        items.push_back({type, in.hash()});
    }
}
void read(Reader& in, Inventory& m) {
    read(in, m.items);
}
void read(Reader& in, GetData& m) {
    read(in, m.items);
}
void read(Reader& in, NotFound& m) {
    read(in, m.items);
}
void read(Reader& in, BlockData& m) {
    const auto raw = in.bytes(in.left());
    m.raw.assign(raw.begin(), raw.end());
}

void write(Writer& out, const Version& m) {
    const std::array<std::uint8_t, 2 * kNetworkAddress> addresses{};
    out.u32(m.protocol).u64(m.services).u64(static_cast<std::uint64_t>(m.time)).bytes(addresses).u64(m.nonce);
    const std::string_view agent = std::string_view(m.user_agent).substr(0, kMaxUserAgent);
    out.compact_size(agent.size());
    for (const char c : agent) out.u8(static_cast<std::uint8_t>(c));
    out.u32(static_cast<std::uint32_t>(m.height)).u8(m.relay ? 1 : 0);
}
void write(Writer&, const Verack&) {}
void write(Writer& out, const Ping& m) {
    out.u64(m.nonce);
}
void write(Writer& out, const Pong& m) {
    out.u64(m.nonce);
}
void write(Writer&, const SendHeaders&) {}
void write(Writer& out, const GetHeaders& m) {
    out.u32(kProtocolVersion).compact_size(m.locator.size());
    for (const auto& hash : m.locator) out.hash(hash);
    out.hash(m.stop);
}
void write(Writer& out, const Headers& m) {
    out.compact_size(m.headers.size());
    for (const auto& header : m.headers) out.bytes(header.serialize()).u8(0);
}
void write(Writer& out, const std::vector<InventoryItem>& items) {
    out.compact_size(items.size());
    for (const auto& item : items) out.u32(item.type).hash(item.hash);
}
void write(Writer& out, const Inventory& m) {
    write(out, m.items);
}
void write(Writer& out, const GetData& m) {
    write(out, m.items);
}
void write(Writer& out, const NotFound& m) {
    write(out, m.items);
}
void write(Writer& out, const BlockData& m) {
    out.bytes(m.raw);
}
void write(Writer&, const Other&) {}

constexpr std::string_view name(const Version*) {
    return "version";
}
constexpr std::string_view name(const Verack*) {
    return "verack";
}
constexpr std::string_view name(const Ping*) {
    return "ping";
}
constexpr std::string_view name(const Pong*) {
    return "pong";
}
constexpr std::string_view name(const SendHeaders*) {
    return "sendheaders";
}
constexpr std::string_view name(const GetHeaders*) {
    return "getheaders";
}
constexpr std::string_view name(const Headers*) {
    return "headers";
}
constexpr std::string_view name(const Inventory*) {
    return "inv";
}
constexpr std::string_view name(const GetData*) {
    return "getdata";
}
constexpr std::string_view name(const NotFound*) {
    return "notfound";
}
constexpr std::string_view name(const BlockData*) {
    return "block";
}

template <typename M>
Result<Message> read_as(const Frame& frame) {
    Reader in(frame.payload);
    M message;
    read(in, message);
    if (!in.ok())
        return fail(ErrorKind::Malformed,
                    fmt::format("malformed '{}' of {} bytes", frame.command, frame.payload.size()));
    return Message(std::move(message));
}

// Parses the frame as the type of Ms whose name is its command.
template <typename... Ms>
Result<Message> parse_one_of(const Frame& frame) {
    Result<Message> result = Message(Other{frame.command});
    static_cast<void>(
        ((frame.command == name(static_cast<const Ms*>(nullptr)) ? (result = read_as<Ms>(frame), true)
                                                                 : false) ||
         ...));
    return result;
}

}  // namespace

Result<Message> parse(const Frame& frame) {
    return parse_one_of<Version, Verack, Ping, Pong, SendHeaders, GetHeaders, Headers, Inventory, GetData,
                        NotFound, BlockData>(frame);
}

std::string_view command_of(const Message& message) {
    return std::visit(
        [](const auto& m) -> std::string_view {
            if constexpr (requires { m.command; })
                return m.command;
            else
                return name(&m);
        },
        message);
}

Bytes serialize(const Magic& magic, const Message& message) {
    Writer payload;
    std::visit([&](const auto& m) { write(payload, m); }, message);
    return envelope(magic, command_of(message), payload.take());
}

}  // namespace lode::p2p
