// Opening a channel, and what ends a session.
#include "source/sv2/peer.h"

namespace lode::source::sv2 {
namespace {

TEST(Sv2Session, SaysWhoItIsAndWhatItWants) {
    Peer peer;
    peer.answer_handshake();
    const auto setup = peer.sent_of<SetupConnection>();
    ASSERT_EQ(setup.size(), 1u);
    EXPECT_EQ(setup[0].protocol, 0);
    EXPECT_EQ(setup[0].min_version, 2);
    EXPECT_EQ(setup[0].flags, 4u);  // version rolling
    EXPECT_EQ(setup[0].host, "pool.example");
    EXPECT_EQ(setup[0].port, 34254);
    peer.says(SetupConnectionSuccess{2, 0});
    const auto open = peer.sent_of<OpenExtendedChannel>();
    ASSERT_EQ(open.size(), 1u);
    EXPECT_EQ(open[0].user, "bob.w1");
    EXPECT_EQ(open[0].hashrate, 5e6f);
    EXPECT_EQ(open[0].max_target, Uint256::max());
    EXPECT_EQ(open[0].min_extranonce_size, 4);
    EXPECT_EQ(peer.closed, "");
}

TEST(Sv2Session, AStandardChannelAsksForStandardJobs) {
    Peer peer([](SessionOptions& options) {
        options.extended = false;
        options.version_mask = 0;
    });
    peer.set_up();
    EXPECT_EQ(peer.sent_of<SetupConnection>().at(0).flags, 1u);
    EXPECT_EQ(peer.sent_of<OpenStandardChannel>().size(), 1u);
    Peer refused([](SessionOptions& options) { options.extended = false; });
    refused.answer_handshake().says(SetupConnectionSuccess{2, 2});
    EXPECT_THAT(refused.closed, HasSubstr("extended channels only"));
}

TEST(Sv2Session, EveryRefusalIsOneError) {
    const auto closed = [](auto... messages) {
        Peer peer;
        peer.answer_handshake();
        (peer.says(messages), ...);
        return peer.closed;
    };
    EXPECT_EQ(closed(SetupConnectionError{4, "unsupported-feature-flags\x1b[31m"}),
              "the pool refuses the connection: unsupported-feature-flags?[31m (flags 0x4)");
    EXPECT_THAT(closed(SetupConnectionSuccess{3, 0}), HasSubstr("version 3"));
    EXPECT_EQ(closed(SetupConnectionSuccess{2, 0}, OpenChannelError{1, "unknown-user"}),
              "the pool refuses the channel: unknown-user");
    const auto opened = [&](const OpenExtendedChannelSuccess& success) {
        return closed(SetupConnectionSuccess{2, 0}, success);
    };
    EXPECT_THAT(opened({1, kChannel, Uint256(), 8, {}, {}}), HasSubstr("target of zero"));
    EXPECT_THAT(opened({1, kChannel, kTarget, 8, Bytes(25), {}}),
                HasSubstr("a prefix of 25 bytes and 8 to roll"));
    EXPECT_THAT(opened({1, kChannel, kTarget, 33, {}, {}}), HasSubstr("at most 32"));
    EXPECT_EQ(opened({1, kChannel, kTarget, 8, Bytes(24), {}}), "");
}

// Certificates of every kind but the right one.
TEST(Sv2Session, WrongCertificatesEndTheHandshake) {
    const Bytes32 server = decode_ellswift(secrets().server.encoded);
    const auto closed = [](const Bytes& certificate) {
        Peer peer;
        peer.answer_handshake(certificate);
        EXPECT_EQ(peer.sent.empty(), !peer.closed.empty());
        return peer.closed;
    };
    const std::uint32_t at = Peer::kUnixTime;
    EXPECT_EQ(closed(serialize(sign_certificate(secrets().authority, server, at + 10, at + 20))), "");
    EXPECT_THAT(closed(serialize(sign_certificate(secrets().authority, server, at + 11, at + 20))),
                HasSubstr("not valid for another 11 s"));
    EXPECT_THAT(closed(serialize(sign_certificate(secrets().authority, server, at - 100, at - 11))),
                HasSubstr("expired 11 s ago"));
    EXPECT_THAT(closed(serialize(sign_certificate({9}, server, at, at + 20))),
                HasSubstr("not signed by the authority"));
    EXPECT_THAT(closed(serialize(sign_certificate(secrets().authority, {9}, at, at + 20))),
                HasSubstr("not signed by the authority"));
    EXPECT_THAT(closed(Bytes(Certificate::kSize, 0xff)), HasSubstr("version 65535"));
    EXPECT_THAT(closed(Bytes(Certificate::kSize, 0)), HasSubstr("expired"));
}

TEST(Sv2Session, WithoutAKeyAnyServerIsAccepted) {
    Peer peer(std::nullopt);
    peer.answer_handshake(serialize(sign_certificate({9}, {9}, Peer::kUnixTime, Peer::kUnixTime + 20)));
    EXPECT_EQ(peer.closed, "");
    EXPECT_EQ(peer.sent.size(), 1u);
}

TEST(Sv2Session, AV1PoolIsRecognised) {
    const auto text = [](std::string_view said) {
        Peer peer;
        peer.bytes({reinterpret_cast<const std::uint8_t*>(said.data()), said.size()});
        return std::pair(peer.closed, peer.transport.answered_in_text());
    };
    EXPECT_THAT(text(R"({"id":null,"error":[20,"parse error"]})").first, HasSubstr("stratum+tcp://"));
    EXPECT_EQ(text("{\"id\":null}\r\n").first, "");  // too short to be sure
    EXPECT_TRUE(text("{\"id\":null}\r\n").second);   // ... until it hangs up
    EXPECT_FALSE(text("").second);
}

TEST(Sv2Session, AServerThatStopsInEveryActIsGivenUp) {
    Peer unset;
    unset.answer_handshake().wait(21s);
    EXPECT_EQ(unset.closed, "no answer to SetupConnection within 20 s");
    Peer unopened;
    unopened.set_up().wait(21s);
    EXPECT_EQ(unopened.closed, "no channel opened within 20 s");
    Peer jobless;
    jobless.open_extended().says(extended_job(1)).wait(31s);
    EXPECT_EQ(jobless.closed, "no job within 30 s");
}

// Silence is no fault; silence after many shares is, and so is a day without a job.
TEST(Sv2Session, ASilentPoolIsNotAnError) {
    Peer peer;
    peer.open_extended().mine();
    for (int i = 0; i < 99; ++i) peer.submit(peer.jobs[0]);
    peer.wait(60min);
    EXPECT_EQ(peer.closed, "");
    peer.submit(peer.jobs[0]);
    peer.wait(1s);
    EXPECT_EQ(peer.closed, "silent for 180 s, and after 100 shares");
    Peer idle;
    idle.open_extended().mine().wait(119min);
    EXPECT_EQ(idle.closed, "");
    idle.wait(2min);
    EXPECT_EQ(idle.closed, "no new job for 7200 s");
}

TEST(Sv2Session, MessagesThatComeBeforeTheChannelAreKept) {
    Peer peer;
    peer.set_up().says(extended_job(1)).says(extended_job(2, {}, 77)).says(prev_hash(1));
    EXPECT_THAT(peer.jobs, IsEmpty());
    peer.says(OpenExtendedChannelSuccess{1, kChannel, kTarget, 8, {0xaa}, kGroup});
    ASSERT_EQ(peer.jobs.size(), 1u);
    EXPECT_EQ(peer.jobs[0]->id, "1");
    Peer flooded;
    flooded.set_up();
    for (int i = 0; i < 65; ++i) flooded.says(extended_job(1));
    EXPECT_EQ(flooded.closed, "too many messages before the channel is open");
}

TEST(Sv2Session, ReconnectsElsewhereOnlyWithAKey) {
    Peer verified;
    verified.open_extended().says(Reconnect{"other.example", 1234});
    ASSERT_TRUE(verified.redirected);
    EXPECT_EQ(verified.redirected->to.host, "other.example");
    EXPECT_EQ(verified.redirected->to.port, 1234);
    EXPECT_TRUE(verified.session->over());
    Peer unverified(std::nullopt);
    unverified.open_extended().says(Reconnect{"other.example", 34254}).says(Reconnect{"", 1});
    EXPECT_FALSE(unverified.redirected);
    EXPECT_THAT(unverified.said.back(), HasSubstr("ignored: the pool asks to reconnect to pool.example:1"));
    unverified.says(Reconnect{"", 0});
    EXPECT_TRUE(unverified.redirected);
}

TEST(Sv2Session, ReconnectsToHostsOnly) {
    Peer peer;
    peer.open_extended().says(Reconnect{"evil\x1b[2J.example", 1});
    EXPECT_FALSE(peer.redirected);
    EXPECT_EQ(peer.said.back(), "ignored: the pool asks to reconnect to an invalid host: evil?[2J.example");
}

TEST(Sv2Session, AClosedChannelEndsIt) {
    Peer peer;
    peer.open_extended().says(CloseChannel{77, "not ours"});
    EXPECT_EQ(peer.closed, "");
    peer.says(CloseChannel{kGroup, "maintenance"});  // of the whole group
    EXPECT_EQ(peer.closed, "the pool closes the channel: maintenance");
}

TEST(Sv2Session, BrokenFramesEndIt) {
    Peer altered;
    Bytes bytes = altered.open_extended().sealed(to_frame(extended_job(1)));
    bytes[30] ^= 1;
    altered.bytes(bytes);
    EXPECT_THAT(altered.closed, HasSubstr("not authentic"));
    Peer replayed;
    bytes = replayed.open_extended().sealed(to_frame(SetTarget{kChannel, kTarget}));
    replayed.bytes(bytes).bytes(bytes);
    EXPECT_THAT(replayed.closed, HasSubstr("not authentic"));
    Peer huge;
    huge.open_extended().bytes(
        huge.sealed({.extension = 0, .channel = true, .type = 0x1f, .payload = Bytes((1u << 24) - 1)}));
    EXPECT_THAT(huge.closed, HasSubstr("a frame of 16777215 bytes"));
    Peer cut;
    cut.open_extended().bytes(
        cut.sealed({.extension = 0, .channel = true, .type = 0x20, .payload = Bytes(10)}));
    EXPECT_THAT(cut.closed, HasSubstr("SetNewPrevHash: prev_hash is cut off"));
}

// Of every type, of no length and of a hundred zeros: an error or nothing, and no job.
TEST(Sv2Session, FramesOfEveryType) {
    for (unsigned type = 0; type < 256; ++type)
        for (const std::size_t size : {0u, 100u}) {
            Peer peer;
            peer.open_extended();
            peer.bytes(peer.sealed({.extension = 0,
                                    .channel = true,
                                    .type = static_cast<std::uint8_t>(type),
                                    .payload = Bytes(size)}));
            EXPECT_THAT(peer.jobs, IsEmpty()) << type;
        }
}

TEST(Sv2Session, UnknownMessagesAndOtherExtensionsAreIgnored) {
    Peer peer;
    peer.open_extended();
    peer.bytes(peer.sealed({.extension = 2, .channel = false, .type = 0x00, .payload = {1, 2}}));
    peer.bytes(peer.sealed({.extension = 0, .channel = true, .type = 0x7f, .payload = {1, 2}}));
    EXPECT_EQ(peer.closed, "");
    EXPECT_EQ(peer.mine().jobs.size(), 1u);
}

TEST(Sv2Session, ReportsANewHashRate) {
    Peer peer;
    peer.open_extended();
    peer.session->hashrate(5.9e6, peer.now + 20s);  // not yet a fifth
    peer.session->hashrate(9e6, peer.now + 1s);     // too soon
    peer.session->hashrate(0, peer.now + 20s);
    peer.collect();
    EXPECT_THAT(peer.sent, IsEmpty());
    peer.session->hashrate(6.1e6, peer.now + 20s);
    peer.session->hashrate(3e6, peer.now + 40s);
    peer.collect();
    const auto updates = peer.sent_of<UpdateChannel>();
    ASSERT_EQ(updates.size(), 2u);
    EXPECT_EQ(updates[0].channel, kChannel);
    EXPECT_EQ(updates[0].hashrate, 6.1e6f);
    EXPECT_EQ(updates[1].hashrate, 3e6f);
    peer.says(UpdateChannelError{kChannel, "invalid"});
    EXPECT_EQ(peer.closed, "");
}

}  // namespace
}  // namespace lode::source::sv2
