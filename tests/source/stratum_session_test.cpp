// The session's handshake, time-outs, messages and answers.
#include "source/stratum_transcript.h"

namespace lode::source::stratum {
namespace {

TEST(StratumSession, HandshakeShareAndAnswer) {
    Pool pool;
    EXPECT_THAT(
        pool.sent,
        ElementsAre(
            R"({"id":1,"method":"mining.configure","params":[["version-rolling","subscribe-extranonce"],)"
            R"({"version-rolling.mask":"1fffe000","version-rolling.min-bit-count":2}]})"));
    pool.sent.clear();
    pool.says(R"({"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null})");
    EXPECT_THAT(pool.sent, ElementsAre(R"({"id":2,"method":"mining.subscribe","params":["lode/0.1.0"]})"));
    pool.sent.clear();
    pool.says(kSubscribed);
    EXPECT_THAT(pool.sent,
                ElementsAre(R"({"id":3,"method":"mining.authorize","params":["bob.w1","hunter2"]})",
                            R"({"id":4,"method":"mining.extranonce.subscribe","params":[]})"));
    EXPECT_EQ(pool.session->session_id(), "s1");
    pool.says(R"({"id":null,"method":"mining.set_difficulty","params":[0.5]})").says(notify("j1"));
    EXPECT_THAT(pool.jobs, IsEmpty());  // not before the user is accepted
    pool.says(R"({"id":3,"result":true,"error":null})");
    ASSERT_EQ(pool.jobs.size(), 1u);
    const Job& job = *pool.jobs[0];
    EXPECT_EQ(job.id, "j1");
    EXPECT_EQ(job.difficulty, 0.5);
    EXPECT_EQ(job.version_mask, 0x1fffe000u);
    EXPECT_EQ(job.extranonce1, (std::vector<std::uint8_t>{0xaa, 0xbb}));
    EXPECT_EQ(job.extranonce2_size, 4u);
    EXPECT_TRUE(job.clean);
    pool.sent.clear();
    pool.submit(pool.jobs[0], 1, 3);
    EXPECT_THAT(
        pool.sent,
        ElementsAre(
            R"({"id":5,"method":"mining.submit","params":["bob.w1","j1","00000007","6b009f25","deadbeef","00006000"]})"));
    EXPECT_THAT(pool.outcomes, IsEmpty());
    pool.says(R"({"id":"5","result":true,"error":null})");
    ASSERT_EQ(pool.outcomes.size(), 1u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Accepted);
}

TEST(StratumSession, PasswordIsNotShown) {
    Pool pool;
    pool.shake_hands();
    for (const std::string& line : pool.shown) EXPECT_EQ(line.find("hunter2"), std::string::npos);
    EXPECT_THAT(pool.shown, ::testing::Contains(HasSubstr(R"(["bob.w1","***"])")));
}

TEST(StratumSession, ConfigureThatIsUnknown) {
    Pool pool;
    pool.sent.clear();
    pool.says(R"({"id":1,"result":null,"error":[-3,"Method not found",null]})");
    EXPECT_THAT(pool.sent, ElementsAre(HasSubstr("mining.subscribe")));
    pool.says(kSubscribed).says(R"({"id":3,"result":true})").says(notify("j1"));
    ASSERT_EQ(pool.jobs.size(), 1u);
    EXPECT_EQ(pool.jobs[0]->version_mask, 0u);
    pool.sent.clear();
    pool.submit(pool.jobs[0]);
    EXPECT_THAT(
        pool.sent,
        ElementsAre(
            R"({"id":5,"method":"mining.submit","params":["bob.w1","j1","00000007","6b009f25","deadbeef"]})"));
}

TEST(StratumSession, ConfigureThatIsNeverAnsweredOrLate) {
    Pool pool;
    EXPECT_TRUE(pool.session->configure_in_doubt());
    pool.sent.clear();
    pool.wait(2s);
    EXPECT_THAT(pool.sent, IsEmpty());
    pool.wait(1100ms);
    EXPECT_THAT(pool.sent, ElementsAre(HasSubstr("mining.subscribe")));
    pool.says(kSubscribed).says(R"({"id":3,"result":true})").says(notify("j1"));
    EXPECT_FALSE(pool.session->configure_in_doubt());
    pool.wait(100ms)
        .says(R"({"id":1,"result":{"version-rolling":true,"version-rolling.mask":"00006000"}})")
        .wait(100ms);
    ASSERT_EQ(pool.jobs.size(), 2u);  // late, yet it counts at once
    EXPECT_EQ(pool.jobs[1]->version_mask, 0x6000u);
    EXPECT_FALSE(pool.jobs[1]->clean);
}

TEST(StratumSession, NoConfigureWhereNothingIsWanted) {
    Pool off([](SessionOptions& options) { options.version_mask = 0; });
    EXPECT_THAT(off.sent, ElementsAre(R"({"id":1,"method":"mining.subscribe","params":["lode/0.1.0"]})"));
    EXPECT_FALSE(off.session->configure_in_doubt());
    Pool shy([](SessionOptions& options) {
        options.configure = false;
        options.resume = "s0";
    });
    EXPECT_THAT(shy.sent,
                ElementsAre(R"({"id":1,"method":"mining.subscribe","params":["lode/0.1.0","s0"]})"));
    EXPECT_FALSE(shy.session->configure_in_doubt());
}

TEST(StratumSession, SuggestedDifficultyIsANumber) {
    Pool pool([](SessionOptions& options) { options.suggest_difficulty = 0.25; });
    EXPECT_THAT(pool.sent[0], HasSubstr(R"("minimum-difficulty.value":0.25)"));
    pool.says(R"({"id":1,"result":{"subscribe-extranonce":true}})");
    pool.sent.clear();
    pool.says(kSubscribed);
    EXPECT_THAT(pool.sent, ElementsAre(HasSubstr("mining.authorize"),
                                       R"({"id":4,"method":"mining.suggest_difficulty","params":[0.25]})"));
}

TEST(StratumSession, RequestsOfThePoolAreAnswered) {
    Pool pool;
    pool.shake_hands();
    pool.says(R"({"id":7,"method":"mining.ping","params":[]})")
        .says(R"({"id":8,"method":"client.get_version","params":[]})");
    pool.says(R"({"id":"n","method":"mining.new","params":{}})")
        .says(R"({"id":null,"method":"mining.news"})");
    EXPECT_THAT(pool.sent, ElementsAre(R"({"id":7,"result":"pong","error":null})",
                                       R"({"id":8,"result":"lode/0.1.0","error":null})",
                                       R"({"id":"n","result":null,"error":[-3,"method not found",null]})"));
}

TEST(StratumSession, AUserAgentOfOnesOwn) {
    Pool pool([](SessionOptions& options) {
        options.version_mask = 0;
        options.user_agent = R"(cgminer/4.10 "x")";
    });
    pool.says(R"({"id":8,"method":"client.get_version","params":[]})");
    EXPECT_THAT(pool.sent,
                ElementsAre(R"({"id":1,"method":"mining.subscribe","params":["cgminer/4.10 \"x\""]})",
                            R"({"id":8,"result":"cgminer/4.10 \"x\"","error":null})"));
}

TEST(StratumSession, ReconnectOnlyWithinTheDomain) {
    Pool pool;
    pool.shake_hands().says(R"({"method":"client.reconnect","params":["evil.example.net",3333,0]})");
    EXPECT_FALSE(pool.redirected);
    EXPECT_FALSE(pool.session->over());
    pool.says(R"({"method":"client.reconnect","params":["EU.pool.example","3334",5]})");
    ASSERT_TRUE(pool.redirected);
    EXPECT_EQ(pool.redirected->to.host, "eu.pool.example");
    EXPECT_EQ(pool.redirected->to.port, 3334);
    EXPECT_EQ(pool.redirected->wait, 5s);
    EXPECT_TRUE(pool.session->over());
    Pool same;
    same.shake_hands().says(R"({"id":null,"method":"client.reconnect"})");
    ASSERT_TRUE(same.redirected);
    EXPECT_EQ(same.redirected->to.host, "");
    Pool late;
    late.shake_hands().says(R"({"method":"client.reconnect","params":[null,0,1000000000000]})");
    EXPECT_EQ(late.redirected->wait, 300s);
}

TEST(StratumSession, Refusals) {
    Pool user;
    user.says(R"({"id":1,"result":null})")
        .says(kSubscribed)
        .says(R"({"id":3,"result":false,"error":[24,"who?",null]})");
    EXPECT_EQ(user.closed, "the pool refuses the user: who? (24)");
    Pool subscribe;
    subscribe.says(R"({"id":1,"result":null})").says(R"({"id":2,"result":null,"error":"full"})");
    EXPECT_EQ(subscribe.closed, "subscribe: full");
    for (const char* size : {"-1", "33", "1000000000"}) {
        Pool extranonce;
        extranonce.says(R"({"id":1,"result":null})")
            .says(std::string(R"({"id":2,"result":[[],"aa",)") + size + "]}");
        EXPECT_THAT(extranonce.closed, HasSubstr("extranonce2 size")) << size;
    }
}

TEST(StratumSession, SilenceIsNoticed) {
    Pool nothing;
    nothing.wait(4s).wait(21s);
    EXPECT_EQ(nothing.closed, "no answer to mining.subscribe");
    Pool no_user;
    no_user.says(R"({"id":1,"result":null})").says(kSubscribed).wait(21s);
    EXPECT_EQ(no_user.closed, "no answer to mining.authorize");
    Pool no_job;
    no_job.shake_hands().wait(31s);
    EXPECT_EQ(no_job.closed, "no job within 30 s: the pool accepted the user, but sent no mining.notify");
    Pool bad_job;
    bad_job.shake_hands().says(R"({"method":"mining.notify","params":["j"]})").wait(31s);
    EXPECT_EQ(
        bad_job.closed,
        "no job within 30 s: the last mining.notify was not understood: notify: 1 parameters (expected: 9)");
    Pool silent;
    silent.shake_hands().says(notify("j1")).wait(179s);
    EXPECT_EQ(silent.closed, "");
    silent.wait(2s);
    EXPECT_EQ(silent.closed, "silent for 180 s");
    Pool pings;
    pings.shake_hands().says(notify("j1"));
    for (int i = 0; i < 91; ++i) pings.wait(10s).says(R"({"id":1,"method":"mining.ping"})");
    EXPECT_EQ(pings.closed, "no new job for 900 s");
}

TEST(StratumSession, AuthorizeThatIsNeverAnsweredThoughJobsCome) {
    Pool pool;
    pool.says(R"({"id":1,"result":null})").says(kSubscribed).says(notify("j1"));
    EXPECT_THAT(pool.jobs, IsEmpty());
    pool.wait(21s);
    EXPECT_EQ(pool.jobs.size(), 1u);
    EXPECT_EQ(pool.closed, "");
}

TEST(StratumSession, AuthorizeAnsweredWithNullIsNotARefusal) {
    Pool pool;
    pool.says(R"({"id":1,"result":null})").says(kSubscribed).says(R"({"id":3,"result":null,"error":null})");
    pool.says(notify("j1"));
    EXPECT_EQ(pool.jobs.size(), 1u);
    Pool refused;
    refused.says(R"({"id":1,"result":null})")
        .says(kSubscribed)
        .says(R"({"id":3,"result":null,"error":[24]})");
    EXPECT_EQ(refused.closed, "the pool refuses the user: unauthorized worker (24)");
}

TEST(StratumSession, TwoObjectsOnOneLine) {
    Pool pool;
    pool.says(R"({"id":1,"result":null} {"id":2,"result":[[],"aabb",4.0]})");
    pool.says(R"({"id":3,"result":true})" + notify("j1") + notify("j2", false));
    ASSERT_EQ(pool.jobs.size(), 1u);  // the last of those that came together
    EXPECT_EQ(pool.jobs[0]->id, "j2");
}

TEST(StratumSession, GarbageEndsTheSessionAndDoesNotFloodTheTerminal) {
    Pool pool;
    pool.shake_hands();
    pool.said.clear();
    for (int i = 0; i < 99; ++i) pool.says("garbage");
    EXPECT_EQ(pool.closed, "");
    EXPECT_EQ(pool.said.size(), 1u);  // once is enough
    pool.says("{}");
    EXPECT_THAT(pool.closed, HasSubstr("not understood"));
    pool.says(notify("j1"));
    EXPECT_THAT(pool.jobs, IsEmpty());
    Pool chatty;
    chatty.shake_hands();
    chatty.said.clear();
    for (int i = 0; i < 10'000; ++i) chatty.says(R"({"method":"client.show_message","params":["buy now"]})");
    EXPECT_LE(chatty.said.size(), 20u);
}

TEST(StratumSession, NothingBeforeItsTime) {
    Pool pool;
    pool.says(notify("early")).says(R"({"id":2,"result":true})").says(R"({"id":3,"result":true})");
    pool.says(R"({"method":"mining.set_extranonce","params":["cc",2]})").says("").says("  \r");
    EXPECT_THAT(pool.jobs, IsEmpty());
    EXPECT_EQ(pool.closed, "");
    pool.says(R"({"id":1,"result":null})").says(kSubscribed).says(R"({"id":3,"result":true})");
    ASSERT_EQ(pool.jobs.size(), 1u);
    EXPECT_EQ(pool.jobs[0]->extranonce1, (std::vector<std::uint8_t>{0xaa, 0xbb}));
}

}  // namespace
}  // namespace lode::source::stratum
