// Shares of a session: which are sent, when, and their outcome.
#include "source/stratum_transcript.h"

namespace lode::source::stratum {
namespace {

constexpr const char* kUnknownJob = R"("result":null,"error":[21,"job not found"])";

void expect_all(const std::vector<Outcome>& outcomes, std::size_t from, std::size_t to,
                Outcome::Status status) {
    ASSERT_EQ(outcomes.size(), to);
    for (std::size_t i = from; i < to; ++i) EXPECT_EQ(outcomes[i].status, status) << i;
}

TEST(StratumShares, FewAreInFlightAtATime) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 100; ++i) pool.submit(pool.jobs[0]);
    EXPECT_EQ(pool.sent.size(), 8u);
    for (int i = 0; i < 10; ++i) pool.answers(5 + i);
    EXPECT_EQ(pool.sent.size(), 18u);
    EXPECT_EQ(pool.outcomes.size(), 10u);
    // what waits when a clean job comes is no longer worth sending
    pool.says(notify("j2")).wait(100ms);
    expect_all(pool.outcomes, 10, 92, Outcome::Status::Stale);
    pool.session->disconnected();
    pool.collect();
    expect_all(pool.outcomes, 92, 100, Outcome::Status::Unknown);
}

// The engine hears of the job before it hears of stale shares, and whatever it still offers is refused.
TEST(StratumShares, NothingOlderIsSentOnceACleanJobIsHere) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 8; ++i) pool.submit(pool.jobs[0]);
    Solution held;  // by the engine, at its limit, until an answer makes room
    held.job = pool.jobs[0];
    held.version = held.job->version;
    std::size_t jobs_by_then = 0;
    pool.session->submit(
        held,
        [&](const Outcome& outcome) {
            pool.outcomes.push_back(outcome);
            jobs_by_then = pool.jobs.size();
            pool.session->submit(
                held, [&](const Outcome& next) { pool.outcomes.push_back(next); }, pool.now);
        },
        pool.now);
    pool.says(notify("j2", true, "00000002"));
    pool.collect();
    EXPECT_EQ(pool.sent.size(), 8u);
    EXPECT_EQ(jobs_by_then, 2u);
    expect_all(pool.outcomes, 0, 2, Outcome::Status::Stale);
}

TEST(StratumShares, AnAnswerReleasesNoneThatTheNextLineMakesStale) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 9; ++i) pool.submit(pool.jobs[0]);
    pool.says_at_once({Pool::answer_line(5), notify("j2", true, "00000002")});
    EXPECT_EQ(pool.sent.size(), 8u);
    ASSERT_EQ(pool.outcomes.size(), 2u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_EQ(pool.outcomes[1].status, Outcome::Status::Stale);
}

TEST(StratumShares, ThoseForAJobThatIsHeldBackWaitAndThoseBeforeItAreStale) {
    Pool pool;
    pool.shake_hands();
    for (const char* prev : {"00000001", "00000002", "00000003", "00000004"})
        pool.says(notify(prev, false, prev));
    ASSERT_EQ(pool.jobs.size(), 4u);
    pool.says(notify("j5", false, "00000005"));  // too soon after the others to be published
    for (int i = 0; i < 3; ++i) pool.submit(pool.jobs.back());
    EXPECT_THAT(pool.outcomes, IsEmpty());  // so that devices do not fill the time with more of them
    pool.wait(20ms);
    EXPECT_THAT(pool.sent, IsEmpty());
    expect_all(pool.outcomes, 0, 3, Outcome::Status::Stale);
    pool.submit(pool.jobs.back());
    EXPECT_THAT(pool.sent, ElementsAre(HasSubstr(R"("j5")")));
}

// Where every share is a block, each ends the job for a pool that has not yet said so.
TEST(StratumShares, BlocksOfOneJobGoOneAtATime) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    const auto block = [&] { pool.submit(pool.jobs.back(), 100, 0, true); };
    for (int i = 0; i < 4; ++i) block();
    EXPECT_EQ(pool.sent.size(), 1u);
    pool.answers(5).wait(24ms);
    EXPECT_EQ(pool.sent.size(), 1u);
    EXPECT_EQ(pool.session->deadline(pool.now) - pool.now, 1ms);
    pool.wait(1ms);  // no new job so far
    EXPECT_EQ(pool.sent.size(), 2u);
    pool.answers(6, R"("result":false,"error":[20,"node says no"])");
    EXPECT_EQ(pool.sent.size(), 3u);  // it ended nothing
    pool.says(notify("j2", true, "00000002"));
    block();
    EXPECT_EQ(pool.sent.size(), 4u);
    EXPECT_THAT(pool.sent.back(), HasSubstr(R"("j2")"));
}

TEST(StratumShares, ThePauseAfterABlockIsLearnedFromLateShares) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 3; ++i) pool.submit(pool.jobs[0], 100, 0, true);
    pool.answers(5).wait(25ms);
    ASSERT_EQ(pool.sent.size(), 2u);
    pool.says(notify("j2", true, "00000002")).answers(6, kUnknownJob);
    for (int i = 0; i < 2; ++i) pool.submit(pool.jobs[1], 100, 0, true);
    pool.answers(7).wait(49ms);
    EXPECT_EQ(pool.sent.size(), 3u);
    pool.wait(1ms);
    EXPECT_EQ(pool.sent.size(), 4u);
}

TEST(StratumShares, ABlockNeverWaitsBehindShares) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 20; ++i) pool.submit(pool.jobs[0]);
    EXPECT_EQ(pool.sent.size(), 8u);
    pool.submit(pool.jobs[0], 1e12, 1, true);
    ASSERT_EQ(pool.sent.size(), 9u);
    EXPECT_THAT(pool.sent.back(), HasSubstr(R"("00002000"])"));
}

// ---- where the network's target is easier than the share target

std::string regtest_notify(const std::string& id) {
    std::string line = notify(id);
    line.replace(line.find("1d00ffff"), 8, "207fffff");
    return line;
}

Solution block_below_the_share_target(const JobPtr& job) {
    Solution solution;
    solution.job = job;
    solution.version = job->version;
    solution.block = true;
    solution.hash.bytes[31] = 1;  // 2^248; difficulty 8 asks for less than 2^221
    return solution;
}

TEST(StratumShares, OneBlockBelowTheShareTargetGoesOutAJob) {
    Pool pool;
    pool.shake_hands().says(regtest_notify("j1"));
    ASSERT_EQ(pool.jobs.size(), 1u);
    EXPECT_GT(pool.jobs[0]->block_target, pool.jobs[0]->share_target);
    const auto submit = [&] {
        pool.session->submit(
            block_below_the_share_target(pool.jobs[0]),
            [&](const Outcome& outcome) { pool.outcomes.push_back(outcome); }, pool.now);
        pool.collect();
    };
    for (int i = 0; i < 100; ++i) submit();
    EXPECT_EQ(pool.sent.size(), 1u);
    expect_all(pool.outcomes, 0, 99, Outcome::Status::Stale);
    // Devices are to find no more of them: the same search, for shares only.
    ASSERT_EQ(pool.jobs.size(), 2u);
    EXPECT_EQ(pool.jobs[1]->block_target, pool.jobs[1]->share_target);
    EXPECT_EQ(pool.jobs[1]->id, "j1");
    EXPECT_FALSE(pool.jobs[1]->clean);
    // The pool took it, so the next job may have one too; the same job again may not.
    pool.answers(5).says(regtest_notify("j1")).wait(100ms);
    EXPECT_EQ(pool.jobs.back()->block_target, pool.jobs.back()->share_target);
    pool.says(regtest_notify("j2")).wait(100ms);
    EXPECT_GT(pool.jobs.back()->block_target, pool.jobs.back()->share_target);
}

TEST(StratumShares, NoneFollowsOneThatThePoolRefused) {
    Pool pool;
    pool.shake_hands().says(regtest_notify("j1"));
    pool.session->submit(
        block_below_the_share_target(pool.jobs[0]), [](const Outcome&) {}, pool.now);
    pool.collect();
    pool.says(R"({"id":5,"result":false,"error":null,"reject-reason":"Above target"})");
    pool.says(regtest_notify("j2")).wait(100ms);
    EXPECT_EQ(pool.jobs.back()->id, "j2");
    EXPECT_EQ(pool.jobs.back()->block_target, pool.jobs.back()->share_target);
    pool.submit(pool.jobs.back(), 100, 0, true);  // one that meets the share target is a share too
    EXPECT_EQ(pool.sent.size(), 2u);
}

TEST(StratumShares, AnUnknownJobIsRetriedOccasionally) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 20; ++i) pool.submit(pool.jobs[0]);
    for (int id = 5; id < 13; ++id) pool.answers(id, kUnknownJob);
    EXPECT_EQ(pool.sent.size(), 8u);
    std::size_t sent = 8;
    for (const auto pause : {1s, 2s, 4s, 8s, 16s}) {
        pool.wait(pause - 1ms);
        EXPECT_EQ(pool.sent.size(), sent);
        pool.wait(1ms);
        ASSERT_EQ(pool.sent.size(), ++sent);
        EXPECT_EQ(pool.closed, "");
        pool.answers(4 + static_cast<int>(sent), kUnknownJob);
    }
    EXPECT_EQ(pool.closed, "the pool does not know its own job");
}

TEST(StratumShares, AnotherJobEndsTheDoubt) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    pool.submit(pool.jobs[0]);
    pool.answers(5, kUnknownJob);
    pool.submit(pool.jobs[0]);
    EXPECT_EQ(pool.sent.size(), 1u);
    pool.says(notify("j2", false, "00000001", "6b009f26"));
    ASSERT_EQ(pool.outcomes.size(), 2u);
    EXPECT_EQ(pool.outcomes[1].status, Outcome::Status::Stale);  // not clean, but nobody knows j1
    for (int i = 0; i < 2; ++i) pool.submit(pool.jobs[1]);
    EXPECT_EQ(pool.sent.size(), 3u);
}

TEST(StratumShares, OneThatIsTakenAfterAllEndsTheDoubt) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 12; ++i) pool.submit(pool.jobs[0]);
    pool.answers(5, kUnknownJob);
    EXPECT_EQ(pool.sent.size(), 8u);
    pool.answers(6);
    EXPECT_EQ(pool.sent.size(), 10u);
    EXPECT_EQ(pool.outcomes.size(), 2u);
}

TEST(StratumShares, ABlockIsSentEvenForADoubtedJob) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    pool.submit(pool.jobs[0]);
    pool.answers(5, kUnknownJob);
    for (int i = 0; i < 2; ++i) pool.submit(pool.jobs[0], 1e12, 1, true);
    EXPECT_EQ(pool.sent.size(), 2u);
    pool.answers(6, kUnknownJob);  // so there blocks are refused too
    EXPECT_EQ(pool.sent.size(), 2u);
    pool.wait(3s);
    EXPECT_EQ(pool.sent.size(), 3u);
}

TEST(StratumShares, ThoseOfALostSessionAreStaleThoseInFlightUnknown) {
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

TEST(StratumShares, WaitingOnesOfALostSessionAreStale) {
    Pool pool;
    pool.shake_hands().says(notify("j1"));
    for (int i = 0; i < 9; ++i) pool.submit(pool.jobs[0]);
    pool.session->disconnected();
    pool.collect();
    ASSERT_EQ(pool.outcomes.size(), 9u);
    EXPECT_EQ(pool.outcomes[0].status, Outcome::Status::Stale);  // the one that had not been sent
    EXPECT_EQ(pool.outcomes[1].status, Outcome::Status::Unknown);
}

TEST(StratumShares, AnswersAreMatchedByIdInAnyOrder) {
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
    pool.answers(7).answers(5).answers(5, R"("result":false)");
    pool.answers(6).answers(99).says(R"({"id":null,"error":[20,"?"]})");
    EXPECT_THAT(order, ElementsAre(2, 0, 1));
    EXPECT_EQ(pool.session->accepted(), 3u);
}

TEST(StratumShares, UnansweredShares) {
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
    one.answers(6).wait(61s);
    EXPECT_EQ(one.closed, "");
    ASSERT_EQ(one.outcomes.size(), 2u);
    EXPECT_EQ(one.outcomes[1].status, Outcome::Status::Unknown);
}

}  // namespace
}  // namespace lode::source::stratum
