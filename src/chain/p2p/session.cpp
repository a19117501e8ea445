#include "chain/p2p/session.h"

#include <algorithm>

#include <fmt/core.h>

namespace lode::p2p {

Session::Session(Chain& chain, SessionSettings settings, Now now)
    : chain_(chain),
      settings_(std::move(settings)),
      started_(now.steady),
      heard_(now.steady),
      side_since_(now.steady) {
    if (settings_.inbound) return;  // the one who connects speaks first
    greet(now);
}

void Session::greet(Now now) {
    Version version;
    version.services = chain_.has_blocks() ? kNodeNetwork : 0;
    version.time = now.unix_time;
    version.nonce = settings_.nonce;
    version.user_agent = settings_.user_agent;
    version.height = static_cast<std::int32_t>(chain_.tip().height);
    outgoing_.push_back(version);
}

void Session::receive(const Message& message, Now now) {
    if (drop_) return;
    heard_ = now.steady;
    const bool greeting = std::holds_alternative<Version>(message) || std::holds_alternative<Verack>(message);
    // Between version and verack peers say which extensions they know (wtxidrelay, sendaddrv2): passed over.
    if (!ready_ && !greeting) {
        if (!has_version_) drop(fmt::format("'{}' before 'version'", command_of(message)));
        return;
    }
    std::visit([&](const auto& m) { on(m, now); }, message);
}

void Session::on(const Version& m, Now now) {
    if (has_version_) return misbehaved("a second 'version'");
    if (m.nonce == settings_.nonce) return drop("this is ourselves", {}, true);
    if (m.protocol < kMinProtocolVersion)
        return drop(
            fmt::format("protocol version {}, at least {} is needed", m.protocol, kMinProtocolVersion),
            settings_.timing.ban_stalling);
    peer_ = m;
    has_version_ = true;
    if (settings_.inbound) greet(now);
    outgoing_.push_back(Verack{});
}

void Session::on(const Verack&, Now now) {
    if (!has_version_) return misbehaved("'verack' before 'version'");
    if (ready_) return;
    ready_ = true;
    outgoing_.push_back(SendHeaders{});
    ask(now);
}

void Session::on(const Ping& m, Now) {
    outgoing_.push_back(Pong{m.nonce});
}

void Session::on(const SendHeaders&, Now) {
    wants_headers_ = true;
}

void Session::on(const GetHeaders& m, Now) {
    Headers answer{chain_.after(m.locator, m.stop, kMaxHeaders)};
    outgoing_.push_back(std::move(answer));
}

void Session::on(const GetData& m, Now) {
    if (m.items.size() > kMaxServed)
        return misbehaved(
            fmt::format("{} things asked for at once, at most {} are served", m.items.size(), kMaxServed));
    NotFound missing;
    for (const auto& item : m.items) {
        auto raw = item.is_block() ? chain_.block(item.hash) : std::nullopt;
        if (raw)
            outgoing_.push_back(BlockData{std::move(*raw)});
        else
            missing.items.push_back(item);
    }
    if (!missing.items.empty()) outgoing_.push_back(std::move(missing));
}

void Session::announce(std::span<const BlockHeader> headers) {
    if (!ready_ || drop_ || headers.empty() || !chain_.has_blocks()) return;
    const Hash256 tip = headers.back().hash();
    if (tip == peer_tip_) return;
    if (wants_headers_ && headers.size() <= kMaxAnnounced)
        outgoing_.push_back(Headers{{headers.begin(), headers.end()}});
    else
        outgoing_.push_back(Inventory{{{InventoryItem::kBlock, tip}}});
}

void Session::tick(Now now) {
    if (drop_) return;
    const auto& timing = settings_.timing;
    const auto silence = now.steady - heard_;
    if (!ready_) {
        if (now.steady - started_ >= timing.handshake) drop("no handshake in time");
        return;
    }
    if (silence >= timing.dead_after) return drop("silent: the connection is lost");
    // Who talks on but leaves a question open is stalling, unless it claims no more blocks than we have: some
    // nodes do not answer before they are in step with their own network.
    const bool claims_more = peer_.height > chain_.tip().height;
    const auto patience = claims_more ? timing.reply : timing.reply / 6;
    if (asked_ && now.steady - *asked_ >= patience && heard_ > *asked_) {
        if (unconnecting_ > 0) return drop(kUnconnecting, timing.ban_stalling);  // that was its answer
        if (claims_more) return drop("no answer to 'getheaders'", timing.ban_stalling);
        asked_.reset();
        presync_.reset();
        all_told(now);
    }
    if (!in_flight_.empty() && now.steady - block_since_ >= timing.reply && heard_ > block_since_)
        return drop("no answer to 'getdata'", timing.ban_stalling);
    // The answer to a ping tells who is stalling from who is gone.
    const bool waiting = asked_ || !in_flight_.empty();
    if (silence >= (waiting ? patience / 2 : timing.ping_after)) ping(now);
    if (!asked_ && now.steady >= ask_due_) ask(now);
}

void Session::ping(Now now) {
    if (pinged_ && now.steady - *pinged_ < settings_.timing.ping_after) return;
    pinged_ = now.steady;
    outgoing_.push_back(Ping{static_cast<std::uint64_t>(now.steady.count())});
}

void Session::misbehaved(std::string reason) {
    drop(std::move(reason), settings_.timing.ban_lying);
}

void Session::drop(std::string reason, std::chrono::milliseconds ban, bool self) {
    if (!drop_) drop_ = Drop{std::move(reason), ban, self};
    level_ = false;
}

}  // namespace lode::p2p
