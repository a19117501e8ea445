#include "p2p/handshake.h"

#include <fmt/core.h>

namespace lode::p2p {

Handshake::Handshake(SessionContext& context, Now now) : context_(context), started_(now.steady) {
    if (!context_.settings.inbound) send_version(now);
}

void Handshake::send_version(Now now) {
    Version version;
    version.services = context_.chain.has_blocks() ? kNodeNetwork : 0;
    version.time = now.unix_time;
    version.nonce = context_.settings.nonce;
    version.user_agent = context_.settings.user_agent;
    version.height = static_cast<std::int32_t>(context_.chain.tip().height);
    context_.send(std::move(version));
}

void Handshake::receive(const Message& message, Now now) {
    if (const auto* version = std::get_if<Version>(&message)) return receive_version(*version, now);
    if (!has_version_) return context_.drop_peer(fmt::format("'{}' before 'version'", command_of(message)));
    // Messages between version and verack that negotiate extensions (wtxidrelay, sendaddrv2) are ignored.
    done_ = std::holds_alternative<Verack>(message);
}

void Handshake::receive_version(const Version& version, Now now) {
    if (has_version_) return context_.misbehaved("a second 'version'");
    if (version.nonce == context_.settings.nonce)
        return context_.drop_peer("connected to ourselves", {}, true);
    if (version.protocol < kMinProtocolVersion)
        return context_.stalled(
            fmt::format("protocol version {}, at least {} is needed", version.protocol, kMinProtocolVersion));
    peer_ = version;
    has_version_ = true;
    if (context_.settings.inbound) send_version(now);
    context_.send(Verack{});
}

void Handshake::tick(Now now) {
    if (!done_ && now.steady - started_ >= context_.settings.timing.handshake)
        context_.drop_peer("no handshake in time");
}

}  // namespace lode::p2p
