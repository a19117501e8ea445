// Sessions without sockets: with a peer played by the test, or with another session.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "p2p/session.h"
#include "tests/p2p/mined.h"

namespace lode::p2p::test {

inline Now at(std::chrono::milliseconds steady) {
    return {steady, kTime};
}

inline SessionSettings settings(std::uint64_t nonce, bool inbound = false) {
    SessionSettings s;
    s.nonce = nonce;
    s.inbound = inbound;
    return s;
}

inline std::vector<Message> take_outgoing(Session& session) {
    std::vector<Message> all;
    while (auto message = session.next_outgoing()) all.push_back(std::move(*message));
    return all;
}

// A session after the handshake with a peer played by the test, which sees what the session sends.
struct Played {
    explicit Played(Toy& chain, std::int32_t peer_height = 0) : session(chain, settings(1), at({})) {
        Version version;
        version.nonce = 2;
        version.height = peer_height;
        session.receive(version, at({}));
        session.receive(Verack{}, at({}));
    }
    template <typename M>
    std::vector<M> said() {
        std::vector<M> found;
        for (auto& m : take_outgoing(session))
            if (auto* one = std::get_if<M>(&m)) found.push_back(std::move(*one));
        return found;
    }
    void hears(std::vector<BlockHeader> headers, std::chrono::milliseconds time = {}) {
        session.receive(Headers{std::move(headers)}, at(time));
    }
    [[nodiscard]] std::string dropped() const { return session.dropped() ? session.dropped()->reason : ""; }
    Session session;
};

// Exchanges messages until neither has anything to send. Returns their number.
inline int talk(Session& a, Session& b, std::chrono::milliseconds time = {}) {
    int count = 0;
    for (bool busy = true; busy && count < 100'000;) {
        busy = false;
        for (auto [from, to] : {std::pair(&a, &b), std::pair(&b, &a)})
            for (const auto& m : take_outgoing(*from)) {
                to->receive(m, at(time));
                busy = true;
                ++count;
            }
    }
    return count;
}

}  // namespace lode::p2p::test
