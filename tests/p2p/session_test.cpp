#include "p2p/session.h"

#include <gtest/gtest.h>

#include "tests/p2p/played.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(Session, DistinguishesStallingFromSilenceAndFromHavingNothing) {
    Toy chain;
    Played stalling(chain, 10), silent(chain, 10), nothing(chain, 0);
    for (auto* peer : {&stalling, &silent, &nothing}) {
        peer->session.tick(at(15s));
        EXPECT_EQ(peer->said<Ping>().size(), 1u);
        if (peer != &silent) peer->session.receive(Pong{}, at(16s));
        peer->session.tick(at(30s));
    }
    EXPECT_EQ(stalling.dropped(), "no answer to 'getheaders'");
    EXPECT_EQ(stalling.session.dropped()->ban, 60s);
    EXPECT_TRUE(nothing.session.synced());
    EXPECT_EQ(silent.dropped(), "");
    silent.session.tick(at(90s));
    EXPECT_EQ(silent.dropped(), "silent: the connection is lost");
    EXPECT_EQ(silent.session.dropped()->ban, 0s);
}

TEST(Session, AnswersPingsAndRefusesASecondVersion) {
    Toy chain;
    Played peer(chain);
    peer.session.receive(Ping{7}, at(0s));
    EXPECT_EQ(peer.said<Pong>(), std::vector{Pong{7}});
    peer.session.receive(Verack{}, at(0s));
    peer.session.receive(Other{"feefilter"}, at(0s));
    EXPECT_EQ(peer.dropped(), "");
    peer.session.receive(Version{}, at(0s));
    EXPECT_EQ(peer.dropped(), "a second 'version'");
    EXPECT_FALSE(peer.session.synced());
}

}  // namespace
}  // namespace lode::p2p
