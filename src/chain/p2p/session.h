// One peer, from the handshake on: a state machine over messages, without sockets and clocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chain/p2p/chain.h"
#include "chain/p2p/messages.h"
#include "chain/p2p/presync.h"

namespace lode::p2p {

struct Now {
    std::chrono::milliseconds steady{};  // for time-outs
    std::int64_t unix_time = 0;          // for the rules
};

struct Timing {
    std::chrono::milliseconds handshake{15'000};
    std::chrono::milliseconds reply{30'000};         // to getheaders, and between blocks
    std::chrono::milliseconds ping_after{30'000};    // of silence
    std::chrono::milliseconds dead_after{90'000};    // of silence
    std::chrono::milliseconds ask_again{60'000};     // headers, in case an announcement was missed
    std::chrono::milliseconds ban_lying{600'000};    // before a peer that broke the rules is asked again
    std::chrono::milliseconds ban_stalling{60'000};  // one that answers pings but not questions

    // Where a block comes every other second: a cut must show, and heal, within seconds.
    static Timing fast() {
        using std::chrono::milliseconds;
        Timing t;
        t.handshake = milliseconds{5'000};
        t.reply = milliseconds{10'000};
        t.ping_after = milliseconds{1'500};
        t.dead_after = milliseconds{5'000};
        t.ask_again = milliseconds{15'000};
        return t;
    }
};

struct SessionSettings {
    bool inbound = false;
    std::uint64_t nonce = 0;  // ours: one a process
    std::string user_agent = "/lode/";
    Timing timing;
};

class Session {
 public:
    // Why a connection ends, and for how long the peer is left alone.
    struct Drop {
        std::string reason;
        std::chrono::milliseconds ban{};
        bool self = false;  // we are connected to ourselves
    };

    Session(Chain& chain, SessionSettings settings, Now now);

    void receive(const Message& message, Now now);
    // Call about once a second, or more often.
    void tick(Now now);
    // Our best chain has these at its end now, oldest first.
    void announce(std::span<const BlockHeader> headers);
    // Asks for headers that we lack.
    void ask(Now now);
    void misbehaved(std::string reason);  // also for what the envelope reader finds

    [[nodiscard]] std::vector<Message> take_outgoing() { return std::exchange(outgoing_, {}); }
    [[nodiscard]] const std::optional<Drop>& dropped() const { return drop_; }
    [[nodiscard]] bool ready() const { return ready_; }  // the handshake is done
    // It has told us all that it has, and we have it.
    [[nodiscard]] bool level() const { return level_; }
    [[nodiscard]] const Version& peer() const { return peer_; }

 private:
    void on(const Version& m, Now now);
    void on(const Verack& m, Now now);
    void on(const Ping& m, Now now);
    void on(const SendHeaders& m, Now now);
    void on(const GetHeaders& m, Now now);
    void on(const Headers& m, Now now);
    void on(const Inventory& m, Now now);
    void on(const GetData& m, Now now);
    void on(const NotFound& m, Now now);
    void on(const BlockData& m, Now now);
    void on(const Pong&, Now) {}
    void on(const Other&, Now) {}

    void greet(Now now);
    void place(std::span<const BlockHeader> headers, std::span<const Hash256> hashes, Now now);
    void weak(Now now);
    void presync(std::span<const BlockHeader> headers, std::span<const Hash256> hashes, Now now);
    void store(std::span<const BlockHeader> headers, std::span<const Hash256> hashes, const Uint256& work,
               bool full, Now now);
    void request_headers(std::vector<Hash256> locator, Now now);
    void go_on(const Hash256& last, Now now);
    void fetch_blocks(Now now);
    void all_told(Now now);
    bool took(const Chain::Answer& answer, Now now);
    bool afford_side(std::size_t headers, Now now);
    void ping(Now now);
    void drop(std::string reason, std::chrono::milliseconds ban = {}, bool self = false);

    static constexpr int kMaxUnconnecting = 10;  // headers messages in a row, as Bitcoin Core
    static constexpr const char* kUnconnecting = "headers that lead to no block of this chain";
    static constexpr int kMaxWeak = 1000;            // weak branches in a row; hours of honest answers
    static constexpr std::size_t kMaxInFlight = 16;  // blocks, as Bitcoin Core
    static constexpr std::size_t kMaxServed = 128;   // blocks a getdata; ours ask for kMaxInFlight
    static constexpr std::size_t kMaxAnnounced = 8;  // headers, as Bitcoin Core; more are asked for
    static constexpr double kMaxSide =
        2 * kMaxHeaders;                        // headers of losing branches a peer may have stored …
    static constexpr double kSideRefill = 0.1;  // … and as many more a second

    Chain& chain_;
    SessionSettings settings_;
    std::vector<Message> outgoing_;
    std::optional<Drop> drop_;
    Version peer_;
    bool has_version_ = false, ready_ = false, level_ = false;
    bool wants_headers_ = false;  // it sent sendheaders (BIP 130)
    Hash256 peer_tip_;            // the newest header that it told us

    std::chrono::milliseconds started_, heard_{}, ask_due_{};
    std::optional<std::chrono::milliseconds> pinged_, asked_;
    std::vector<Hash256> question_;  // the locator of what we asked last
    bool ask_later_ = false;         // something new while an answer is due
    Hash256 continued_;              // after this header we last asked for more
    int unconnecting_ = 0, weak_ = 0;
    std::optional<Presync> presync_;
    double side_ = 0;
    std::chrono::milliseconds side_since_{};

    // Whole blocks are fetched in the order of the chain; each joins it as it comes.
    std::deque<Hash256> wanted_, in_flight_;
    Hash256 queue_end_;   // newest of the two above …
    Uint256 queue_work_;  // … and its total work
    std::chrono::milliseconds block_since_{};
    bool more_headers_ = false;  // ask for them once the blocks are here
};

}  // namespace lode::p2p
