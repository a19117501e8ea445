// Jobs and shares of a session: what binds to which job, what is sent, what becomes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/stratum_transcript.h"

namespace lode::source::stratum {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(StratumWork, AgreedBitsAreSentEvenWhereNoneAreRolled) {
    Pool pool;
    pool.shake_hands().says(R"({"method":"mining.set_difficulty","params":[1e-6]})").says(notify("j1"));
    EXPECT_EQ(pool.jobs[0]->version_mask, 0u);
    pool.submit(pool.jobs[0]);
    EXPECT_THAT(pool.sent, ElementsAre(HasSubstr(R"("deadbeef","00000000"])")));
}

TEST(StratumWork, MaskIsNarrowedSwitchedOffAndNeverWidened) {
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

TEST(StratumWork, DifficultyBindsToTheNextJob) {
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

TEST(StratumWork, APoolThatJudgesOldJobsByTheNewDifficultyIsLearnt) {
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

TEST(StratumWork, FirstDifficultyAfterTheFirstJobMeansThatJob) {
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

TEST(StratumWork, ImpossibleDifficultiesAreIgnored) {
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

TEST(StratumWork, ExtranonceCountsFromTheNextJob) {
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

TEST(StratumWork, RepeatedJobsAreNotNewWork) {
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

TEST(StratumWork, AChangedPreviousBlockIsCleanWhateverTheFlagSays) {
    Pool pool;
    pool.shake_hands().says(notify("j1")).says(notify("j2", false, "00000002")).wait(100ms);
    EXPECT_TRUE(pool.jobs.back()->clean);
    pool.says(notify("j3", false, "00000002", "6b009f27")).wait(100ms);
    EXPECT_FALSE(pool.jobs.back()->clean);
}

TEST(StratumWork, JobFloodsAreThinnedOut) {
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

TEST(StratumWork, SharesOfALostSessionAreStaleThoseInFlightUnknown) {
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

TEST(StratumWork, FewSharesAreUnderWayAtATime) {
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

TEST(StratumWork, AJobThatIsHeldBackMakesOlderWorkStaleAtOnce) {
    Pool pool;
    pool.shake_hands().says(notify("j1")).says(notify("j2", false, "00000002"));
    ASSERT_EQ(pool.jobs.size(), 1u);  // too soon after the first to be published
    pool.submit(pool.jobs[0]);
    EXPECT_THAT(pool.sent, IsEmpty());
    ASSERT_EQ(pool.outcomes.size(), 1u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Stale);
    pool.wait(50ms);
    pool.submit(pool.jobs.back());
    EXPECT_EQ(pool.sent.size(), 1u);
}

TEST(StratumWork, WaitingSharesOfALostSessionAreStale) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 9; ++i) pool.submit(pool.jobs[0]);
    pool.session->disconnected();
    pool.collect();
    ASSERT_EQ(pool.outcomes.size(), 9u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Stale);  // the one that had not been sent
    EXPECT_EQ(pool.outcomes[1].status, Outcome::Status::Unknown);
}

TEST(StratumWork, AnswersAreMatchedByIdInAnyOrder) {
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

TEST(StratumWork, UnansweredShares) {
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

}  // namespace
}  // namespace lode::source::stratum
