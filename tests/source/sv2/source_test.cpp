// The source over real sockets, against scripted servers on loopback.
#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/miner_sink.h"
#include "source/scripted_pool.h"
#include "source/sv2/server.h"
#include "source/sv2/sv2_source.h"

namespace lode::source::sv2 {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::ScriptedPool;

constexpr std::uint32_t kPoolChannel = 5;

// Up to a channel with a job.
bool give_work(Server& server) {
    const auto setup = server.hears<SetupConnection>();
    server.says(SetupConnectionSuccess{2, 0});
    const auto open = server.hears<OpenExtendedChannel>();
    if (!setup || !open) return false;
    server.says(OpenExtendedChannelSuccess{open->request, kPoolChannel, Uint256(1) << 240, 8, {1}, {}});
    server.says(NewExtendedMiningJob{kPoolChannel, 1, {}, 0x20000000, true, {}, {1, 2}, {3}});
    server.says(SetNewPrevHash{kPoolChannel, 1, {}, unix_time(), 0x1d00ffff});
    return true;
}

struct Miner : testing::MinerSink {
    Miner() {
        options.user = "bob";
        options.retry_pause = 20ms;
    }
    void start(const ScriptedPool& pool, const std::string& key = kKey) {
        auto made = make_sv2_source(
            *util::parse_url("stratum2+tcp://127.0.0.1:" + std::to_string(pool.port()) + "/" + key), options,
            io.get_executor(), Timeouts{}, 600ms);
        ASSERT_TRUE(made) << made.error().text();
        source = std::move(*made);
        source->hashrate(1e6);
        source->start(*this);
    }
    SourceOptions options;
};

void mine(testing::Peer& peer) {
    Server server(peer);
    give_work(server);
    server.wait_for_end();
}

TEST(Sv2Source, MinesAndSubmits) {
    std::atomic<std::uint32_t> job = 0;
    ScriptedPool pool({[&](testing::Peer& peer) {
        Server server(peer);
        give_work(server);
        const auto first = server.hears<SubmitSharesExtended>();
        const auto second = server.hears<SubmitSharesExtended>();
        if (!first || !second) return;
        job = first->job;
        server.says(SubmitSharesError{kPoolChannel, first->sequence, "low-difficulty-share"});
        server.says(SubmitSharesSuccess{kPoolChannel, second->sequence, 1, 0});
        server.wait_for_end();
    }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    EXPECT_TRUE(miner.was_told("the pool's certificate is signed by the key of the URL"));
    miner.submit(miner.jobs[0]);
    EXPECT_TRUE(miner.outcomes.empty());  // never from within
    miner.submit(miner.jobs[0]);
    ASSERT_TRUE(miner.run_until([&] { return miner.outcomes.size() == 2; }));
    EXPECT_EQ(miner.outcomes[0].reason, "low-difficulty-share");
    EXPECT_EQ(miner.outcomes[1].status, Outcome::Status::Accepted);
    EXPECT_EQ(job, 1u);
}

TEST(Sv2Source, ReconnectsAfterADisconnect) {
    ScriptedPool pool({[](testing::Peer& peer) {
                           Server server(peer);
                           give_work(server);
                           (void)server.hears<SubmitSharesExtended>();
                       },
                       mine});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    miner.submit(miner.jobs[0]);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 2; }));
    EXPECT_EQ(miner.withdrawn, 1);
    ASSERT_EQ(miner.outcomes.size(), 1u);
    EXPECT_EQ(miner.outcomes[0].status, Outcome::Status::Unknown);
}

TEST(Sv2Source, StopAnswersWhatIsInFlight) {
    ScriptedPool pool({mine});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    miner.submit(miner.jobs[0]);
    miner.source->stop();
    ASSERT_EQ(miner.outcomes.size(), 1u);
    EXPECT_EQ(miner.outcomes[0].status, Outcome::Status::Unknown);
}

TEST(Sv2Source, AnotherAuthorityIsRefused) {
    ScriptedPool pool({[](testing::Peer& peer) {
        Server server(peer, Bytes32{1});
        server.wait_for_end();
    }});
    Miner miner;
    miner.options.retries = 1;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("not signed by the authority whose key the URL names"));
    EXPECT_EQ(pool.connections(), 2);
}

TEST(Sv2Source, WithoutAKeyAWarningIsLogged) {
    ScriptedPool pool({mine});
    Miner miner;
    miner.options.sv2_insecure = true;
    miner.start(pool, "");
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    EXPECT_TRUE(miner.was_told("can read and change everything"));
    EXPECT_TRUE(miner.was_told("the pool is not verified"));
}

// The certificate must be of the same authority there.
TEST(Sv2Source, FollowsARedirectToTheSameAuthority) {
    ScriptedPool same({mine});
    ScriptedPool other({[](testing::Peer& peer) { Server(peer, Bytes32{1}).wait_for_end(); }});
    const auto sends_to = [](const ScriptedPool& pool) {
        return [port = pool.port()](testing::Peer& peer) {
            Server server(peer);
            give_work(server);
            server.says(Reconnect{"127.0.0.1", port});
            server.wait_for_end();
        };
    };
    ScriptedPool pool({sends_to(other), sends_to(same)});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return same.connections() == 1 && !miner.jobs.empty(); }));
    EXPECT_EQ(other.connections(), 1);
    EXPECT_EQ(pool.connections(), 2);
    ASSERT_EQ(miner.lost.size(), 1u);
    EXPECT_THAT(miner.lost[0].error.text(), HasSubstr("not signed by the authority"));
}

TEST(Sv2Source, APoolOfStratumV1IsRecognised) {
    const auto expect_recognised = [](testing::Script first, testing::Script second) {
        ScriptedPool pool({std::move(first), std::move(second)});
        Miner miner;
        miner.options.retries = 0;
        miner.start(pool);
        ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
        EXPECT_THAT(miner.gave_up->text(), HasSubstr("as a pool of Stratum V1 does"));
        EXPECT_THAT(miner.gave_up->text(), HasSubstr("stratum+tcp://"));
    };
    // it answers our key as a request that it does not understand
    const auto answers = [](testing::Peer& peer) {
        peer.read_bytes(kAct1Size);
        peer.line(R"({"id":null,"result":null,"error":[20,"Parse error",null]})");
    };
    // it waits for the end of the line, or hangs up, and answers when asked in its language
    const auto waits = [](testing::Peer& peer) { peer.read_bytes(1000); };
    const auto hangs_up = [](testing::Peer& peer) { peer.read_bytes(kAct1Size); };
    const auto subscribes = [](testing::Peer& peer) {
        peer.expect("mining.subscribe");
        peer.line(R"({"id":1,"result":[[],"aabb",4],"error":null})");
        peer.wait_for_end();
    };
    expect_recognised(answers, subscribes);
    expect_recognised(waits, subscribes);
    expect_recognised(hangs_up, subscribes);
}

TEST(Sv2Source, AServerThatStopsInTheHandshakeIsGivenUp) {
    ScriptedPool pool({[](testing::Peer& peer) {
        peer.write(std::string(kAct2Size - 1, '\x91'));
        peer.wait_for_end();
    }});
    Miner miner;
    miner.options.retries = 0;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("no answer to the handshake"));
}

TEST(Sv2Source, UsageErrors) {
    boost::asio::io_context io;
    const auto error = [&](const std::string& url, const std::string& user = "bob", bool insecure = false) {
        SourceOptions options;
        options.user = user;
        options.sv2_insecure = insecure;
        const auto made = make_sv2_source(*util::parse_url(url), options, io.get_executor());
        EXPECT_TRUE(made || made.error().kind == ErrorKind::Usage);
        return made ? "" : made.error().text();
    };
    const std::string key = kKey;
    EXPECT_EQ(error("stratum2+tcp://pool:1/" + key), "");
    EXPECT_EQ(error("stratum2+tcp://alice@pool:1/" + key, ""), "");
    EXPECT_THAT(error("stratum2+tcp://pool/" + key), HasSubstr("no port"));
    EXPECT_THAT(error("stratum2+tcp://pool:1/" + key, ""), HasSubstr("no user"));
    EXPECT_THAT(error("stratum2+tcp://pool:1"), HasSubstr("no key of the server"));
    EXPECT_THAT(error("stratum2+tcp://pool:1/"), HasSubstr("no key of the server"));
    EXPECT_EQ(error("stratum2+tcp://pool:1", "bob", true), "");
    EXPECT_THAT(error("stratum2+tcp://pool:1/" + key + "x"), HasSubstr("wrong checksum"));
    EXPECT_THAT(error("stratum2+tcp://pool:1/x", "bob", true), HasSubstr("wrong checksum"));
}

}  // namespace
}  // namespace lode::source::sv2
