// Jobs of a session: which terms apply to which job, and what is published.
#include "source/stratum_transcript.h"

namespace lode::source::stratum {
namespace {

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

TEST(StratumWork, APoolThatJudgesOldJobsByTheNewDifficultyIsLearned) {
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
    for (const char* bad : {"0", "-1", "1e300", "1e-300", "NaN", "\"easy\""}) {
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
    pool.says(notify("j2", false)).wait(100ms);
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
        pool.session->settle(pool.now);
    }
    pool.collect();
    ASSERT_EQ(pool.jobs.size(), 4u);  // a few at once are nothing unusual
    EXPECT_LE(pool.session->deadline(pool.now) - pool.now, 20ms);
    pool.wait(20ms);
    ASSERT_EQ(pool.jobs.size(), 5u);
    EXPECT_EQ(pool.jobs[4]->id, "9999");
    EXPECT_TRUE(pool.jobs[4]->clean);  // one of those left out was
}

}  // namespace
}  // namespace lode::source::stratum
