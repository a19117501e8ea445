#include "p2p/handshake.h"

#include <gtest/gtest.h>

#include "tests/p2p/played.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(Handshake, ThenHeadersAreRequested) {
    Toy chain;
    Session session(chain, settings(1), at(0s));
    auto out = take_outgoing(session);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(std::get<Version>(out[0]).nonce, 1u);
    EXPECT_EQ(std::get<Version>(out[0]).services, 0u);
    session.receive(Version{}, at(0s));
    session.receive(Other{"wtxidrelay"}, at(0s));
    EXPECT_FALSE(session.ready());
    session.receive(Verack{}, at(0s));
    EXPECT_TRUE(session.ready());
    out = take_outgoing(session);
    ASSERT_EQ(out.size(), 3u);
    EXPECT_TRUE(std::holds_alternative<Verack>(out[0]));
    EXPECT_TRUE(std::holds_alternative<SendHeaders>(out[1]));
    EXPECT_EQ(std::get<GetHeaders>(out[2]).locator, std::vector{regtest().genesis_hash});
    EXPECT_FALSE(session.synced());
    session.receive(Headers{}, at(0s));
    EXPECT_TRUE(session.synced());
}

TEST(Handshake, DropsInvalidPeers) {
    Toy chain;
    Session self(chain, settings(7), at(0s)), old(chain, settings(7), at(0s)),
        rude(chain, settings(7), at(0s));
    Version version;
    version.nonce = 7;
    self.receive(version, at(0s));
    ASSERT_TRUE(self.dropped());
    EXPECT_TRUE(self.dropped()->self);
    version.nonce = 8;
    version.protocol = 60002;
    old.receive(version, at(0s));
    EXPECT_EQ(old.dropped()->reason, "protocol version 60002, at least 70012 is needed");
    rude.receive(Ping{1}, at(0s));
    EXPECT_EQ(rude.dropped()->reason, "'ping' before 'version'");
    Session mute(chain, settings(7), at(0s));
    mute.tick(at(14s));
    EXPECT_FALSE(mute.dropped());
    mute.tick(at(15s));
    EXPECT_EQ(mute.dropped()->reason, "no handshake in time");
}

TEST(Handshake, TheOneWhoAcceptsWaitsForAVersion) {
    Toy chain(true);
    SessionContext context{chain, settings(1, true), {}, {}, {}};
    Handshake handshake(context, at(0s));
    EXPECT_TRUE(context.outgoing.empty());
    Version version;
    version.nonce = 2;
    version.height = 7;
    handshake.receive(version, at(1s));
    ASSERT_EQ(context.outgoing.size(), 2u);
    EXPECT_EQ(std::get<Version>(context.outgoing[0]).services, kNodeNetwork);  // it has blocks
    EXPECT_TRUE(std::holds_alternative<Verack>(context.outgoing[1]));
    EXPECT_FALSE(handshake.done());
    handshake.receive(Verack{}, at(2s));
    EXPECT_TRUE(handshake.done());
    EXPECT_EQ(handshake.peer().height, 7);
    handshake.tick(at(60s));
    EXPECT_FALSE(context.drop);
}

TEST(Handshake, ASecondVersionBreaksTheRules) {
    Toy chain;
    SessionContext context{chain, settings(1), {}, {}, {}};
    Handshake handshake(context, at(0s));
    handshake.receive(Version{}, at(0s));
    handshake.receive(Version{}, at(0s));
    ASSERT_TRUE(context.drop);
    EXPECT_EQ(context.drop->reason, "a second 'version'");
    EXPECT_EQ(context.drop->ban, 600s);
}

}  // namespace
}  // namespace lode::p2p
