// Shared by the parts of a session with one peer: chain, settings, outgoing messages, and the session's end.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "p2p/chain.h"
#include "p2p/messages.h"

namespace lode::p2p {

struct Now {
    std::chrono::milliseconds steady{};  // for time-outs
    std::int64_t unix_time = 0;          // seconds since 1970, for consensus rules
};

struct Timing {
    std::chrono::milliseconds handshake{15'000};
    std::chrono::milliseconds reply{30'000};         // to getheaders, and between blocks
    std::chrono::milliseconds ping_after{30'000};    // of silence
    std::chrono::milliseconds dead_after{90'000};    // of silence
    std::chrono::milliseconds poll_headers{60'000};  // in case an announcement was missed
    std::chrono::milliseconds ban_lying{600'000};    // of a peer that broke the rules
    std::chrono::milliseconds ban_stalling{60'000};  // of one that answers pings but not requests

    // For a block every two seconds: a lost connection must be detected and replaced within seconds.
    static Timing fast() {
        using std::chrono::milliseconds;
        Timing t;
        t.handshake = milliseconds{5'000};
        t.reply = milliseconds{10'000};
        t.ping_after = milliseconds{1'500};
        t.dead_after = milliseconds{5'000};
        t.poll_headers = milliseconds{15'000};
        return t;
    }
};

struct SessionSettings {
    bool inbound = false;
    std::uint64_t nonce = 0;  // ours: one per process
    std::string user_agent = "/lode/";
    Timing timing;
};

// Why a connection ends, and how long the peer is then banned.
struct Drop {
    std::string reason;
    std::chrono::milliseconds ban{};
    bool self = false;  // we are connected to ourselves
};

struct SessionContext {
    Chain& chain;
    SessionSettings settings;
    std::chrono::milliseconds heard{};  // when the peer's latest message arrived, of the steady clock
    std::deque<Message> outgoing;       // not yet taken by the connection
    std::optional<Drop> drop;           // set once, for the first reason

    void send(Message message) { outgoing.push_back(std::move(message)); }
    void drop_peer(std::string reason, std::chrono::milliseconds ban = {}, bool self = false) {
        if (!drop) drop = Drop{std::move(reason), ban, self};
    }
    void misbehaved(std::string reason) { drop_peer(std::move(reason), settings.timing.ban_lying); }
    void stalled(std::string reason) { drop_peer(std::move(reason), settings.timing.ban_stalling); }
    // Drops the peer if it sent something invalid, or something that we cannot store.
    void check(const Chain::Answer& answer) {
        if (answer.status == Chain::Status::Invalid) misbehaved(answer.reason);
        if (answer.status == Chain::Status::Failed) drop_peer(answer.reason);
    }
};

}  // namespace lode::p2p
