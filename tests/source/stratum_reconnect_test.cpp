// Redirects, and the callback rules of lode/source.h.
#include "source/stratum_miner.h"

namespace lode::source::stratum {
namespace {

std::string reconnect_line(unsigned short port, bool one_string = false) {
    const std::string number = std::to_string(port);
    return R"({"method":"client.reconnect","params":[")" +
           (one_string ? "127.0.0.1:" + number + R"("]})" : R"(127.0.0.1",)" + number + ",0]}");
}

TEST(StratumReconnect, ARedirectIsFollowedWhateverTheRetriesAre) {
    for (const bool one_string : {false, true}) {
        ScriptedPool second({mine});
        ScriptedPool first({[&](Peer& peer) {
            peer.shake_hands();
            peer.line(reconnect_line(second.port(), one_string));
            peer.wait_for_end();
        }});
        Miner miner;
        miner.options.retries = 0;
        miner.options.retry_pause = 1min;  // at once, not after the pause of a failure
        miner.start(first);
        EXPECT_TRUE(miner.run_until([&] { return miner.gave_up || !miner.jobs.empty(); }));
        EXPECT_FALSE(miner.gave_up);
        EXPECT_EQ(first.connections(), 1);
        EXPECT_EQ(second.connections(), 1);
    }
}

TEST(StratumReconnect, EndlessRedirectsAreAFailure) {
    ScriptedPool pool({[](Peer& peer) {
        peer.shake_hands();
        peer.line(R"({"method":"client.reconnect","params":[]})");
        peer.wait_for_end();
    }});
    Miner miner;
    miner.options.retries = 1;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("too many redirects"));
    EXPECT_EQ(pool.connections(), 2 * 6);  // the first connection and five redirects, twice
}

TEST(StratumReconnect, NothingIsCalledFromWithinStartOrSubmit) {
    ScriptedPool pool({mine});
    Miner miner;
    miner.options.dial.tls_insecure = true;
    miner.start(pool, "stratum+ssl");  // warns of tls_insecure
    EXPECT_TRUE(miner.said.empty());
    EXPECT_TRUE(miner.run_until([&] { return !miner.said.empty(); }));
    Solution solution;
    solution.job = std::make_shared<Job>();
    bool answered = false;
    miner.source->submit(solution, [&](const Outcome&) { answered = true; });
    EXPECT_FALSE(answered);
    EXPECT_TRUE(miner.run_until([&] { return answered; }));
}

TEST(StratumReconnect, StopAnswersBeforeItReturnsAndNothingFollows) {
    ScriptedPool pool({[](Peer& peer) {
        peer.shake_hands();
        peer.line(notify_line("j1"));
        while (!peer.expect("mining.submit").empty()) {
        }
    }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    for (int i = 0; i < 20; ++i) miner.submit(miner.jobs[0]);  // of which 8 are sent
    miner.source->stop();
    ASSERT_EQ(miner.outcomes.size(), 20u);
    for (const Outcome& outcome : miner.outcomes) EXPECT_EQ(outcome.status, Outcome::Status::Unknown);
    const auto said = miner.said.size();
    const auto lost = miner.lost.size();
    miner.source->stop();
    miner.io.restart();
    miner.io.run_for(50ms);
    EXPECT_EQ(miner.outcomes.size(), 20u);
    EXPECT_EQ(miner.said.size(), said);
    EXPECT_EQ(miner.lost.size(), lost);
    EXPECT_EQ(miner.withdrawn, 0);
}

TEST(StratumReconnect, ConnectionsAndTheirEndAreEvents) {
    ScriptedPool pool({[](Peer& peer) { peer.shake_hands(); }});  // and hangs up
    Miner miner;
    miner.options.retries = 1;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    ASSERT_EQ(miner.connected.size(), 2u);
    EXPECT_EQ(miner.connected[0].source, "stratum+tcp://127.0.0.1:" + std::to_string(pool.port()));
    EXPECT_EQ(miner.connected[0].detail, "");
    ASSERT_EQ(miner.lost.size(), 2u);
    EXPECT_EQ(miner.lost[0].source, miner.connected[0].source);
    EXPECT_THAT(miner.lost[0].error.text(), HasSubstr("connection lost"));
    EXPECT_TRUE(miner.lost[0].retry_in);
    EXPECT_FALSE(miner.lost[1].retry_in);
}

TEST(StratumReconnect, StopFromWithinACallback) {
    struct Stopper : Miner {
        void publish(JobPtr job) override {
            Miner::publish(std::move(job));
            source->stop();
        }
    };
    ScriptedPool pool({mine});
    Stopper miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    const auto said = miner.said.size();
    miner.io.restart();
    miner.io.run_for(50ms);
    EXPECT_EQ(miner.said.size(), said);
    EXPECT_EQ(miner.withdrawn, 0);
}

}  // namespace
}  // namespace lode::source::stratum
