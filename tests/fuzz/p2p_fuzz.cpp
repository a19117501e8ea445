// A hostile peer: the input is what it sends to a session that follows and serves a short regtest chain. Each
// message is a byte that names its command (255: the bytes go raw to the frame reader; 254: so many tenths of
// a second pass), two bytes of length, little-endian, and the payload.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "chain/block.h"
#include "p2p/session.h"
#include "p2p/wire.h"
#include "tests/p2p/mined.h"

using namespace lode;
using namespace lode::p2p;

namespace {

constexpr std::array<const char*, 12> kCommands = {"version",     "verack",     "ping",    "pong",
                                                   "sendheaders", "getheaders", "headers", "inv",
                                                   "getdata",     "notfound",   "block",   "addr"};

void check(bool good) {
    if (!good) std::abort();
}

struct Peer {
    explicit Peer(bool whole_blocks) : chain(whole_blocks), session(chain, {}, {{}, test::kTime}) {
        static const auto known = test::branch(test::regtest().genesis_hash, 3);
        chain.grow(known);
        work = chain.tip().work;
    }
    void send(const char* command, std::span<const std::uint8_t> payload) {
        const auto message = parse(Frame{command, Bytes(payload.begin(), payload.end())});
        if (!message) return session.misbehaved(message.error().text());
        session.receive(*message, {time, test::kTime});
        look();
    }
    void look() {
        const bool over = session.dropped().has_value();
        std::size_t count = 0;
        while (const auto message = session.next_outgoing()) {
            check(++count <= 200);  // 128 blocks, what is missing, and a few more
            check(serialize(test::regtest().magic, *message).size() <= kEnvelopeSize + kMaxPayload);
        }
        check(chain.tip().work >= work);
        work = chain.tip().work;
        if (over) check(!session.synced());
    }
    test::Toy chain;
    Session session;
    std::chrono::milliseconds time{};
    Uint256 work;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> rest(data, size);
    if (rest.empty()) return 0;
    Peer peer((rest[0] & 1) != 0);
    FrameReader frames(test::regtest().magic);
    static_cast<void>(chain::parse_block(rest.subspan(1)));
    for (rest = rest.subspan(1); rest.size() >= 3 && !peer.session.dropped();) {
        const std::uint8_t kind = rest[0];
        const std::size_t length =
            std::min<std::size_t>(rest[1] + std::size_t{256} * rest[2], rest.size() - 3);
        const auto payload = rest.subspan(3, length);
        rest = rest.subspan(3 + length);
        if (kind == 255) {
            frames.feed(payload);
            for (;;) {
                auto frame = frames.next();
                if (!frame) {
                    peer.session.misbehaved(frame.error().text());
                    break;
                }
                if (!*frame) break;
                peer.send((*frame)->command.c_str(), (*frame)->payload);
            }
        } else if (kind == 254) {
            peer.time += std::chrono::milliseconds(100 * length);
            peer.session.tick({peer.time, test::kTime});
            peer.look();
        } else {
            peer.send(kCommands[kind % kCommands.size()], payload);
        }
    }
    return 0;
}
