#include "engine/submissions.h"

#include <gtest/gtest.h>

#include "support/fakes.h"

namespace lode::engine {
namespace {

struct Fixture {
    std::vector<std::uint32_t> sent, stale, spent;  // nonces
    EngineOptions options;
    Submissions submissions;

    explicit Fixture(EngineOptions o)
        : options(o),
          submissions(options, {[this](const Solution& s) { sent.push_back(s.header.nonce); },
                                [this](const Solution& s) { stale.push_back(s.header.nonce); },
                                [this](const Solution& s) { spent.push_back(s.header.nonce); }}) {}
};

Solution solution(std::uint32_t nonce, std::uint64_t generation, bool block, bool solo) {
    Job job = testing::easy_job(4, 8);
    job.single_block = solo;
    Solution s;
    s.job = work::seal(std::move(job));
    s.generation = generation;
    s.block = block;
    s.header.nonce = nonce;
    return s;
}

const Outcome kAccepted{Outcome::Status::Accepted, {}};
const Outcome kRejected{Outcome::Status::Rejected, "high-hash"};

TEST(Submissions, NeverABlockBeyondTheLimit) {
    Fixture f({.max_blocks = 2});
    f.submissions.offer(solution(1, 1, true, true));
    f.submissions.offer(solution(2, 2, true, true));
    f.submissions.offer(solution(3, 3, true, true));
    EXPECT_EQ(f.sent, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_FALSE(f.submissions.limit_reached());
    f.submissions.answered(solution(1, 1, true, true), kAccepted);
    EXPECT_FALSE(f.submissions.limit_reached());
    f.submissions.answered(solution(2, 2, true, true), kRejected);  // so the third is wanted after all
    EXPECT_EQ(f.sent, (std::vector<std::uint32_t>{1, 2, 3}));
    EXPECT_FALSE(f.submissions.limit_reached());
    f.submissions.answered(solution(3, 3, true, true), kAccepted);
    EXPECT_TRUE(f.submissions.limit_reached());
}

// Ten at once are acknowledged: the third comes only if others follow it.
TEST(Submissions, NoneWaitsForAnAnswerThatComesWithLaterOnes) {
    Fixture f({.max_shares = 3});
    const auto batched = [](std::uint32_t nonce) {
        Solution share = solution(nonce, 1, false, false);
        Job job = *share.job;
        job.batched_answers = true;
        share.job = work::seal(std::move(job));
        return share;
    };
    for (std::uint32_t nonce = 1; nonce <= 10; ++nonce) f.submissions.offer(batched(nonce));
    EXPECT_EQ(f.sent.size(), 10u);
    for (std::uint32_t nonce = 1; nonce <= 2; ++nonce) f.submissions.answered(batched(nonce), kAccepted);
    EXPECT_FALSE(f.submissions.limit_reached());
    f.submissions.answered(batched(3), kAccepted);
    EXPECT_TRUE(f.submissions.limit_reached());
    f.submissions.offer(batched(11));
    EXPECT_EQ(f.sent.size(), 10u);
}

// Where the network is as easy as the pool, every share is a block.
TEST(Submissions, ABlockAtAPoolCountsAsAShareToo) {
    Fixture f({.max_shares = 2});
    for (std::uint32_t nonce = 1; nonce <= 4; ++nonce) f.submissions.offer(solution(nonce, 1, true, false));
    EXPECT_EQ(f.sent, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_EQ(f.submissions.outstanding(), 2u);
    f.submissions.answered(solution(1, 1, true, false), kAccepted);
    f.submissions.answered(solution(2, 1, true, false), kAccepted);
    EXPECT_EQ(f.sent.size(), 2u);
    EXPECT_EQ(f.submissions.outstanding(), 0u);
    EXPECT_TRUE(f.submissions.limit_reached());
}

TEST(Submissions, SharesWaitAtTheirLimit) {
    Fixture f({.max_shares = 1});
    f.submissions.offer(solution(1, 1, false, false));
    f.submissions.offer(solution(2, 1, false, false));
    EXPECT_EQ(f.sent, std::vector<std::uint32_t>{1});
    EXPECT_EQ(f.submissions.outstanding(), 1u);
    f.submissions.invalidate_before(2);  // the held one goes stale
    EXPECT_EQ(f.stale, std::vector<std::uint32_t>{2});
    f.submissions.answered(solution(1, 1, false, false), kAccepted);
    EXPECT_TRUE(f.submissions.limit_reached());
}

TEST(Submissions, OneBlockEndsASoloJob) {
    Fixture f({});
    f.submissions.offer(solution(1, 5, true, true));
    f.submissions.offer(solution(2, 5, true, true));
    f.submissions.offer(solution(3, 6, true, true));
    f.submissions.invalidate_before(7);
    f.submissions.offer(solution(4, 6, true, true));  // a sibling of ours, not a loss
    EXPECT_EQ(f.sent, (std::vector<std::uint32_t>{1, 3}));
    EXPECT_EQ(f.spent, (std::vector<std::uint32_t>{2, 4}));
    EXPECT_TRUE(f.stale.empty());
}

TEST(Submissions, OldGenerationsAreStaleSupersededOnesAreNot) {
    Fixture f({});
    f.submissions.invalidate_before(3);
    f.submissions.offer(solution(1, 2, false, false));
    f.submissions.offer(solution(2, 3, false, false));
    f.submissions.offer(solution(3, 4, false, false));
    EXPECT_EQ(f.stale, std::vector<std::uint32_t>{1});
    EXPECT_EQ(f.sent, (std::vector<std::uint32_t>{2, 3}));
}

// Another source's jobs begin with generation 5.
TEST(Submissions, AfterATakeoverEachSourceHasStalenessOfItsOwn) {
    Fixture f({});
    f.submissions.invalidate_before(3);
    f.submissions.take_over(5);
    f.submissions.invalidate_before(7);
    f.submissions.offer(solution(1, 2, true, false));  // stale before
    f.submissions.offer(solution(2, 3, true, false));  // of the former source, and valid
    f.submissions.offer(solution(3, 6, true, false));  // stale by the new source's doing
    f.submissions.offer(solution(4, 7, true, false));
    EXPECT_EQ(f.stale, (std::vector<std::uint32_t>{1, 3}));
    EXPECT_EQ(f.sent, (std::vector<std::uint32_t>{2, 4}));
}

TEST(Submissions, AfterATakeoverABlockEndsOnlyJobsOfItsSource) {
    Fixture f({});
    f.submissions.take_over(5);
    f.submissions.offer(solution(1, 6, true, true));
    f.submissions.offer(solution(2, 4, true, true));  // the former source's
    f.submissions.offer(solution(3, 4, true, true));
    f.submissions.offer(solution(4, 6, true, true));
    f.submissions.offer(solution(5, 7, true, true));
    EXPECT_EQ(f.sent, (std::vector<std::uint32_t>{1, 2, 5}));
    EXPECT_EQ(f.spent, (std::vector<std::uint32_t>{3, 4}));
}

}  // namespace
}  // namespace lode::engine
