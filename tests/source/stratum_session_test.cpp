// The session by transcripts: what comes in, and what goes out because of it. No sockets, no clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/stratum/session.h"
#include "work/roll.h"

namespace lode::source::stratum {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char* const kSubscribed = R"({"id":2,"result":[[["mining.notify","s1"]],"aabb",4],"error":null})";

std::string notify(const std::string& id, bool clean = true, const char* prev_word = "00000001",
                   const char* time = "6b009f25") {
    std::string prev(56, '0');
    return R"({"id":null,"method":"mining.notify","params":[")" + id + R"(",")" + prev_word + prev +
           R"(","01","02",[],"20000000","1d00ffff",")" + time + R"(",)" + (clean ? "true" : "false") + "]}";
}

struct Pool {
    explicit Pool(std::function<void(SessionOptions&)> adjust = {}) {
        SessionOptions options;
        options.host = "stratum.pool.example";
        options.user = "bob.w1";
        options.password = "hunter2";
        options.version_mask = 0x1fffe000;
        if (adjust) adjust(options);
        session.emplace(std::move(options), recent);
        session->connected(now);
        collect();
    }
    void collect() {
        session->tick(now);
        for (auto& action : session->take_actions()) {
            if (auto* send = std::get_if<action::Send>(&action)) {
                sent.push_back(send->line);
                shown.push_back(send->shown);
            } else if (auto* publish = std::get_if<action::Publish>(&action)) {
                jobs.push_back(publish->job);
            } else if (auto* say = std::get_if<action::Say>(&action)) {
                said.push_back(say->text);
            } else if (auto* answer = std::get_if<action::Answer>(&action)) {
                answer->callback(answer->outcome);
            } else if (auto* close = std::get_if<action::Close>(&action)) {
                closed = close->error.text();
            } else if (auto* redirect = std::get_if<action::Redirect>(&action)) {
                redirected = *redirect;
            }
        }
    }
    Pool& says(const std::string& line) {
        session->line(line, now);
        collect();
        return *this;
    }
    Pool& wait(std::chrono::milliseconds time) {
        now += time;
        collect();
        return *this;
    }
    // Up to mining, with the extensions of a usual pool; ids 1 to 4.
    Pool& shake_hands() {
        says(R"({"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null})");
        says(kSubscribed);
        says(R"({"id":null,"method":"mining.set_difficulty","params":[8]})");
        says(R"({"id":3,"result":true,"error":null})").says(R"({"id":4,"result":false,"error":[20,"no"]})");
        sent.clear();
        return *this;
    }
    // A share of the job with this difficulty; the outcome lands in outcomes.
    void submit(const JobPtr& job, double difficulty = 100, unsigned variant = 0) {
        Solution solution;
        solution.job = job;
        solution.extranonce2 = work::extranonce2(*job, 7);
        solution.header = work::header_of(*job, 7, variant);
        solution.header.nonce = 0xdeadbeef;
        solution.version = solution.header.version;
        solution.difficulty = difficulty;
        session->submit(
            solution, [this](const Outcome& outcome) { outcomes.push_back(outcome); }, now);
        collect();
    }

    TimePoint now{1'000'000s};
    RecentJobs recent;
    std::optional<Session> session;
    std::vector<std::string> sent, shown, said;
    std::vector<JobPtr> jobs;
    std::vector<Outcome> outcomes;
    std::string closed;
    std::optional<action::Redirect> redirected;
};

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

TEST(StratumSession, AgreedBitsAreSentEvenWhereNoneAreRolled) {
    Pool pool;
    pool.shake_hands().says(R"({"method":"mining.set_difficulty","params":[1e-6]})").says(notify("j1"));
    EXPECT_EQ(pool.jobs[0]->version_mask, 0u);
    pool.submit(pool.jobs[0]);
    EXPECT_THAT(pool.sent, ElementsAre(HasSubstr(R"("deadbeef","00000000"])")));
}

TEST(StratumSession, MaskIsNarrowedSwitchedOffAndNeverWidened) {
    Pool pool([](SessionOptions& options) { options.version_mask = 0x00ffe000; });
    pool.shake_hands().says(notify("j1"));
    EXPECT_EQ(pool.jobs.back()->version_mask, 0x00ffe000u);
    pool.says(R"({"method":"mining.set_version_mask","params":["0000e000"]})").wait(100ms);
    ASSERT_EQ(pool.jobs.size(), 2u);  // counts at once
    EXPECT_EQ(pool.jobs[1]->version_mask, 0xe000u);
    EXPECT_EQ(pool.jobs[1]->id, "j1");
    // a share of before, with bits that are no longer allowed, is not worth sending
    pool.sent.clear();
    pool.submit(pool.jobs[0], 100, 1);  // rolls bit 13: still allowed
    EXPECT_EQ(pool.sent.size(), 1u);
    Solution rolled;
    rolled.job = pool.jobs[0];
    rolled.version = 0x20800000;
    rolled.difficulty = 100;
    pool.session->submit(
        rolled, [&](const Outcome& outcome) { pool.outcomes.push_back(outcome); }, pool.now);
    pool.collect();
    ASSERT_EQ(pool.outcomes.size(), 1u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Stale);
    EXPECT_EQ(pool.sent.size(), 1u);
    pool.says(R"({"method":"mining.set_version_mask","params":["00000000"]})").wait(100ms);
    EXPECT_EQ(pool.jobs.back()->version_mask, 0u);
    pool.says(R"({"method":"mining.set_version_mask","params":["ffffffff"]})").wait(100ms);
    EXPECT_EQ(pool.jobs.back()->version_mask, 0x00ffe000u);
}

TEST(StratumSession, DifficultyBindsToTheNextJob) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    pool.says(R"({"method":"mining.set_difficulty","params":[64]})").wait(1s);
    ASSERT_EQ(pool.jobs.size(), 1u);
    EXPECT_EQ(pool.jobs[0]->difficulty, 8);
    pool.says(notify("j2", false)).wait(100ms);
    ASSERT_EQ(pool.jobs.size(), 2u);
    EXPECT_EQ(pool.jobs[1]->difficulty, 64);
    pool.submit(pool.jobs[0], 10);  // good for its own job
    EXPECT_THAT(pool.sent, ElementsAre(HasSubstr(R"("j1")")));
}

TEST(StratumSession, APoolThatJudgesOldJobsByTheNewDifficultyIsLearnt) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    pool.says(R"({"method":"mining.set_difficulty","params":[64]})").wait(1s);
    pool.submit(pool.jobs[0], 10);
    pool.says(R"({"id":5,"result":false,"error":[23,"Low difficulty share",null]})").wait(100ms);
    EXPECT_EQ(pool.outcomes.at(0).reason, "Low difficulty share (23)");
    ASSERT_EQ(pool.jobs.size(), 2u);  // the same job again, under the new difficulty
    EXPECT_EQ(pool.jobs[1]->difficulty, 64);
    EXPECT_EQ(pool.jobs[1]->space, pool.jobs[0]->space);
    pool.sent.clear();
    pool.submit(pool.jobs[0], 10);
    EXPECT_THAT(pool.sent, IsEmpty());
    EXPECT_EQ(pool.outcomes.at(1).status, Outcome::Status::Stale);
    pool.submit(pool.jobs[0], 65);
    EXPECT_EQ(pool.sent.size(), 1u);
    pool.says(R"({"method":"mining.set_difficulty","params":[128]})").wait(100ms);
    EXPECT_EQ(pool.jobs.back()->difficulty, 128);
}

TEST(StratumSession, FirstDifficultyAfterTheFirstJobMeansThatJob) {
    Pool pool;
    pool.says(R"({"id":1,"result":null})")
        .says(kSubscribed)
        .says(R"({"id":3,"result":true})")
        .says(notify("j1"));
    EXPECT_EQ(pool.jobs.back()->difficulty, 1);
    pool.wait(1s).says(R"({"method":"mining.set_difficulty","params":[0.001]})").wait(100ms);
    EXPECT_EQ(pool.jobs.size(), 2u);
    EXPECT_EQ(pool.jobs.back()->difficulty, 0.001);
}

TEST(StratumSession, ImpossibleDifficultiesAreIgnored) {
    for (const char* bad : {"0", "-1", "1e300", "1e-300", "NaN", "\"1\""}) {
        Pool pool;
        pool.shake_hands();
        pool.says(std::string(R"({"method":"mining.set_difficulty","params":[)") + bad + "]}")
            .says(notify("j1"));
        ASSERT_EQ(pool.jobs.size(), 1u) << bad;
        EXPECT_EQ(pool.jobs[0]->difficulty, 8) << bad;
        EXPECT_FALSE(pool.said.empty()) << bad;
    }
}

TEST(StratumSession, ExtranonceCountsFromTheNextJob) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    pool.says(R"({"method":"mining.set_extranonce","params":["cc",0]})").wait(100ms);
    EXPECT_EQ(pool.jobs.size(), 1u);
    pool.says(notify("j2")).wait(100ms);
    EXPECT_EQ(pool.jobs.back()->extranonce1, (std::vector<std::uint8_t>{0xcc}));
    EXPECT_EQ(pool.jobs.back()->extranonce2_size, 0u);
    pool.submit(pool.jobs[0]);
    EXPECT_THAT(pool.sent.back(), HasSubstr(R"("j1","00000007")"));
    pool.submit(pool.jobs.back());
    EXPECT_THAT(pool.sent.back(), HasSubstr(R"("j2","")"));
}

TEST(StratumSession, RepeatedJobsAreNotNewWork) {
    Pool pool;
    pool.shake_hands().says(notify("j1")).says(notify("j2", false, "00000001", "6b009f26")).wait(100ms);
    ASSERT_EQ(pool.jobs.size(), 2u);
    pool.says(notify("j2", false, "00000001", "6b009f26")).wait(100ms);
    EXPECT_EQ(pool.jobs.size(), 2u);
    // under a new id it is another job with the same search
    pool.says(notify("j3", false, "00000001", "6b009f26")).wait(100ms);
    ASSERT_EQ(pool.jobs.size(), 3u);
    EXPECT_EQ(pool.jobs[2]->space, pool.jobs[1]->space);
    // an older one again
    pool.says(notify("j1", false)).wait(100ms);
    ASSERT_EQ(pool.jobs.size(), 4u);
    EXPECT_EQ(pool.jobs[3]->space, pool.jobs[0]->space);
    // the same, and now everything older is stale
    pool.says(notify("j1", true)).wait(100ms);
    ASSERT_EQ(pool.jobs.size(), 5u);
    EXPECT_TRUE(pool.jobs[4]->clean);
    EXPECT_EQ(pool.jobs[4]->space, pool.jobs[0]->space);
}

TEST(StratumSession, AChangedPreviousBlockIsCleanWhateverTheFlagSays) {
    Pool pool;
    pool.shake_hands().says(notify("j1")).says(notify("j2", false, "00000002")).wait(100ms);
    EXPECT_TRUE(pool.jobs.back()->clean);
    pool.says(notify("j3", false, "00000002", "6b009f27")).wait(100ms);
    EXPECT_FALSE(pool.jobs.back()->clean);
}

TEST(StratumSession, JobFloodsAreThinnedOut) {
    Pool pool;
    pool.shake_hands().says(notify("first"));
    for (int i = 0; i < 10'000; ++i) {
        pool.session->line(notify(std::to_string(i), i == 5000, "00000001", "6b009f30"), pool.now);
        pool.session->tick(pool.now);
    }
    pool.collect();
    EXPECT_EQ(pool.jobs.size(), 1u);
    EXPECT_LE(pool.session->deadline(pool.now) - pool.now, 50ms);
    pool.wait(50ms);
    ASSERT_EQ(pool.jobs.size(), 2u);
    EXPECT_EQ(pool.jobs[1]->id, "9999");
    EXPECT_TRUE(pool.jobs[1]->clean);  // one of those left out was
}

TEST(StratumSession, SharesOfALostSessionAreStaleThoseInFlightUnknown) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    pool.submit(pool.jobs[0]);
    pool.session->disconnected();
    pool.collect();
    ASSERT_EQ(pool.outcomes.size(), 1u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Unknown);
    const JobPtr old = pool.jobs[0];
    Pool again;
    again.shake_hands().says(notify("j1"));
    again.submit(old);
    EXPECT_THAT(again.sent, IsEmpty());
    EXPECT_EQ(again.outcomes.at(0).status, Outcome::Status::Stale);
    pool.submit(old);  // the dead session itself
    EXPECT_EQ(pool.outcomes.at(1).status, Outcome::Status::Stale);
}

TEST(StratumSession, FewSharesAreUnderWayAtATime) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 100; ++i) pool.submit(pool.jobs[0]);
    EXPECT_EQ(pool.sent.size(), 8u);
    for (int i = 0; i < 10; ++i) pool.says(R"({"id":)" + std::to_string(5 + i) + R"(,"result":true})");
    EXPECT_EQ(pool.sent.size(), 18u);
    EXPECT_EQ(pool.outcomes.size(), 10u);
    // what waits when a clean job comes is no longer worth sending
    pool.says(notify("j2")).wait(100ms);
    EXPECT_EQ(pool.outcomes.size(), 92u);
    for (std::size_t i = 10; i < 92; ++i) EXPECT_EQ(pool.outcomes[i].status, Outcome::Status::Stale);
    pool.session->disconnected();
    pool.collect();
    ASSERT_EQ(pool.outcomes.size(), 100u);
    for (std::size_t i = 92; i < 100; ++i) EXPECT_EQ(pool.outcomes[i].status, Outcome::Status::Unknown);
}

TEST(StratumSession, WaitingSharesOfALostSessionAreStale) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 9; ++i) pool.submit(pool.jobs[0]);
    pool.session->disconnected();
    pool.collect();
    ASSERT_EQ(pool.outcomes.size(), 9u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Stale);  // the one that had not been sent
    EXPECT_EQ(pool.outcomes[1].status, Outcome::Status::Unknown);
}

TEST(StratumSession, AnswersAreMatchedByIdInAnyOrder) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    std::vector<int> order;
    for (int i = 0; i < 3; ++i) {
        Solution solution;
        solution.job = pool.jobs[0];
        solution.version = solution.job->version;
        solution.difficulty = 100;
        pool.session->submit(
            solution, [&order, i](const Outcome&) { order.push_back(i); }, pool.now);
    }
    pool.collect();
    pool.says(R"({"id":7,"result":true})")
        .says(R"({"id":5,"result":true})")
        .says(R"({"id":5,"result":false})");
    pool.says(R"({"id":6,"result":true})")
        .says(R"({"id":99,"result":true})")
        .says(R"({"id":null,"error":[20,"?"]})");
    EXPECT_THAT(order, ElementsAre(2, 0, 1));
    EXPECT_EQ(pool.session->accepted(), 3u);
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

TEST(StratumSession, ReconnectOnlyWithinTheDomain) {
    Pool pool;
    pool.shake_hands().says(R"({"method":"client.reconnect","params":["evil.example.net",3333,0]})");
    EXPECT_FALSE(pool.redirected);
    EXPECT_FALSE(pool.session->over());
    pool.says(R"({"method":"client.reconnect","params":["EU.pool.example","3334",5]})");
    ASSERT_TRUE(pool.redirected);
    EXPECT_EQ(pool.redirected->host, "eu.pool.example");
    EXPECT_EQ(pool.redirected->port, 3334);
    EXPECT_EQ(pool.redirected->wait, 5s);
    EXPECT_TRUE(pool.session->over());
    Pool same;
    same.shake_hands().says(R"({"id":null,"method":"client.reconnect"})");
    ASSERT_TRUE(same.redirected);
    EXPECT_EQ(same.redirected->host, "");
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
    EXPECT_EQ(no_job.closed, "no job within 30 s");
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

TEST(StratumSession, UnansweredShares) {
    Pool none;
    none.shake_hands().says(notify("j1"));
    none.submit(none.jobs[0]);
    none.wait(61s);
    EXPECT_EQ(none.closed, "no answer to a share for 60 s");
    Pool one;
    one.shake_hands().says(notify("j1"));
    one.submit(one.jobs[0]);  // id 5, lost
    one.wait(1s);
    one.submit(one.jobs[0]);
    one.says(R"({"id":6,"result":true})").wait(61s);
    EXPECT_EQ(one.closed, "");
    ASSERT_EQ(one.outcomes.size(), 2u);
    EXPECT_EQ(one.outcomes[1].status, Outcome::Status::Unknown);
}

TEST(StratumSession, GarbageEndsTheSessionAndDoesNotFloodTheTerminal) {
    Pool pool;
    pool.shake_hands();
    pool.said.clear();
    for (int i = 0; i < 99; ++i) pool.says("garbage");
    EXPECT_EQ(pool.closed, "");
    EXPECT_LE(pool.said.size(), 20u);
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
