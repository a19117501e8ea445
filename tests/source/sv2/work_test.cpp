// Jobs of a channel: which terms apply to which job, and what is published. Shares and their outcome.
#include "source/sv2/peer.h"

namespace lode::source::sv2 {
namespace {

using Status = Outcome::Status;

TEST(Sv2Work, AFutureJobWaitsForItsBlock) {
    Peer peer;
    peer.open_extended().says(extended_job(1)).says(extended_job(2)).wait(1s);
    EXPECT_THAT(peer.jobs, IsEmpty());
    peer.says(prev_hash(2));
    ASSERT_EQ(peer.jobs.size(), 1u);
    const Job& job = *peer.jobs[0];
    EXPECT_EQ(job.id, "2");
    EXPECT_TRUE(job.clean);
    EXPECT_EQ(job.prev, (Hash256{{1}}));
    EXPECT_EQ(job.time, 1'700'000'000u);
    EXPECT_EQ(job.max_time_roll, 0u);
    EXPECT_EQ(job.bits, kBits);
    EXPECT_EQ(job.version, 0x20000000u);
    EXPECT_EQ(job.version_mask, 0x1fffe000u);
    EXPECT_EQ(job.coinbase1, (Bytes{1, 2, 2}));
    EXPECT_EQ(job.extranonce1, (Bytes{0xaa, 0xbb}));
    EXPECT_EQ(job.extranonce2_size, 8u);
    EXPECT_EQ(job.share_target, kTarget);
    EXPECT_EQ(job.block_target, chain::target_of(kBits));
}

// 5.3.16: a job with min_ntime starts at once, and older ones stay valid.
TEST(Sv2Work, AJobOfNowReplacesTheOneBeforeAndLeavesItValid) {
    Peer peer;
    peer.open_extended().mine().says(extended_job(2, 1'700'000'030)).wait(100ms);
    ASSERT_EQ(peer.jobs.size(), 2u);
    EXPECT_FALSE(peer.jobs[1]->clean);
    EXPECT_EQ(peer.jobs[1]->time, 1'700'000'030u);
    peer.submit(peer.jobs[0]);
    EXPECT_EQ(peer.sent_of<SubmitSharesExtended>().at(0).job, 1u);
}

TEST(Sv2Work, ANewBlockMakesEveryOtherJobInvalid) {
    Peer peer;
    peer.open_extended().mine().says(extended_job(2)).says(extended_job(3)).says(prev_hash(3, 2)).wait(100ms);
    ASSERT_EQ(peer.jobs.size(), 2u);
    EXPECT_TRUE(peer.jobs[1]->clean);
    peer.submit(peer.jobs[0]);
    EXPECT_THAT(peer.statuses(), ElementsAre(Status::Stale));
    // the future job that was not named is gone as well
    peer.says(prev_hash(2, 3)).wait(100ms);
    EXPECT_EQ(peer.jobs.size(), 2u);
    EXPECT_EQ(peer.withdrawn, 1);
}

TEST(Sv2Work, ABlockForAnUnknownJobLeavesNoWorkAndTheConnection) {
    Peer peer;
    peer.open_extended().mine().says(prev_hash(77, 2));
    EXPECT_EQ(peer.withdrawn, 1);
    EXPECT_EQ(peer.closed, "");
    peer.submit(peer.jobs[0]);
    EXPECT_THAT(peer.statuses(), ElementsAre(Status::Stale));
    peer.says(extended_job(2, 1'700'000'001)).wait(100ms);
    ASSERT_EQ(peer.jobs.size(), 2u);
    EXPECT_EQ(peer.jobs[1]->prev, (Hash256{{2}}));
    EXPECT_TRUE(peer.jobs[1]->clean);
}

// 5.3.21: it binds to jobs of later, and to those already here that are for the future.
TEST(Sv2Work, TargetsBindToFutureAndLaterJobs) {
    Peer peer;
    peer.open_extended().mine().says(extended_job(2));
    peer.says(SetTarget{kChannel, Uint256(1) << 200}).wait(100ms);
    ASSERT_EQ(peer.jobs.size(), 1u);
    EXPECT_EQ(peer.jobs[0]->share_target, kTarget);
    peer.says(extended_job(3, 1'700'000'001)).wait(100ms);
    EXPECT_EQ(peer.jobs.back()->share_target, Uint256(1) << 200);
    peer.says(prev_hash(2, 2)).wait(100ms);
    EXPECT_EQ(peer.jobs.back()->id, "2");
    EXPECT_EQ(peer.jobs.back()->share_target, Uint256(1) << 200);
    peer.says(SetTarget{kGroup, Uint256(1) << 190}).says(extended_job(4, 1'700'000'002)).wait(100ms);
    EXPECT_EQ(peer.jobs.back()->share_target, Uint256(1) << 190);
}

TEST(Sv2Work, ImpossibleTargetsEndTheSessionAndEasyOnesAreCut) {
    Peer zero;
    zero.open_extended().says(SetTarget{kChannel, Uint256()});
    EXPECT_THAT(zero.closed, HasSubstr("target of zero"));
    Peer easy([](SessionOptions& options) { options.max_target = kTarget; });
    easy.open_extended().says(SetTarget{kChannel, Uint256::max()}).mine();
    EXPECT_EQ(easy.jobs.at(0)->share_target, kTarget);
}

// 5.3.10: it binds to jobs that come after it.
TEST(Sv2Work, PrefixesBindToLaterJobs) {
    Peer peer;
    peer.open_extended().mine().says(extended_job(2)).says(SetExtranoncePrefix{kChannel, {0xcc}});
    peer.says(prev_hash(2, 2)).wait(100ms);
    EXPECT_EQ(peer.jobs.back()->extranonce1, (Bytes{0xaa, 0xbb}));
    peer.says(extended_job(3, 1'700'000'001)).wait(100ms);
    EXPECT_EQ(peer.jobs.back()->extranonce1, (Bytes{0xcc}));
    peer.says(SetExtranoncePrefix{kChannel, Bytes(25)});
    EXPECT_THAT(peer.closed, HasSubstr("a prefix of 25 bytes and 8 to roll"));
}

TEST(Sv2Work, ChannelAndGroupAreTakenOthersIgnored) {
    Peer peer;
    peer.open_extended()
        .says(extended_job(1, {}, 77))
        .says(prev_hash(1, 1, 77))
        .says(SetTarget{77, Uint256()})
        .wait(100ms);
    EXPECT_THAT(peer.jobs, IsEmpty());
    EXPECT_EQ(peer.closed, "");
    peer.says(extended_job(2, {}, kGroup)).says(prev_hash(2, 1, kGroup)).wait(100ms);
    EXPECT_EQ(peer.jobs.size(), 1u);
    peer.says(SetGroupChannel{11, {1, kChannel}}).says(extended_job(3, 1'700'000'001, kGroup)).wait(100ms);
    EXPECT_EQ(peer.jobs.size(), 1u);
    peer.says(extended_job(4, 1'700'000'001, 11)).wait(100ms);
    EXPECT_EQ(peer.jobs.size(), 2u);
}

TEST(Sv2Work, AFixedVersionIsNotRolled) {
    Peer peer;
    auto job = extended_job(1);
    job.version_rolling = false;
    peer.open_extended().says(job).says(prev_hash(1));
    EXPECT_EQ(peer.jobs.at(0)->version_mask, 0u);
    Peer standard([](SessionOptions& options) { options.extended = false; });
    standard.answer_handshake().says(SetupConnectionSuccess{2, 1});
    standard.says(OpenStandardChannelSuccess{1, kChannel, kTarget, {}, {}})
        .says(standard_job(1))
        .says(prev_hash(1));
    EXPECT_EQ(standard.jobs.at(0)->version_mask, 0u);
}

TEST(Sv2Work, JobsThatCannotBeAreRefused) {
    const auto closed = [](const auto& message) {
        Peer peer;
        return peer.open_extended().says(message).closed;
    };
    auto job = extended_job(1);
    job.path = std::vector<Hash256>(255);
    EXPECT_THAT(closed(job), HasSubstr("a merkle path of 255 hashes"));
    job = extended_job(1);
    job.coinbase_prefix = {2, 0, 0, 0, 0, 1, 1};  // version, marker, flag, one input
    EXPECT_THAT(closed(job), HasSubstr("a coinbase with its witness"));
    EXPECT_THAT(closed(extended_job(1, 1'700'000'000)), HasSubstr("before any SetNewPrevHash"));
    EXPECT_THAT(closed(standard_job(1)), HasSubstr("a standard job on an extended channel"));
    auto prev = prev_hash(1);
    prev.bits = 0;
    EXPECT_THAT(closed(prev), HasSubstr("SetNewPrevHash"));
}

TEST(Sv2Work, ManyFutureJobsKeepTheNewest) {
    Peer peer;
    peer.open_extended();
    for (std::uint32_t id = 1; id <= 100; ++id) peer.says(extended_job(id));
    peer.says(prev_hash(85));
    EXPECT_EQ(peer.jobs.size(), 1u);
    Peer gone;
    gone.open_extended();
    for (std::uint32_t id = 1; id <= 100; ++id) gone.says(extended_job(id));
    gone.says(prev_hash(84));
    EXPECT_THAT(gone.jobs, IsEmpty());
}

TEST(Sv2Work, JobFloodsAreThinnedOut) {
    Peer peer;
    peer.open_extended().mine();
    for (std::uint32_t id = 2; id <= 10'000; ++id) {
        peer.session->frame(to_frame(extended_job(id, 1'700'000'000)), peer.now);
        peer.session->tick(peer.now);
    }
    peer.collect();
    EXPECT_EQ(peer.jobs.size(), 4u);  // a few at once are nothing unusual
    EXPECT_LE(peer.session->deadline(peer.now) - peer.now, 20ms);
    peer.wait(20ms);
    ASSERT_EQ(peer.jobs.size(), 5u);
    EXPECT_EQ(peer.jobs[4]->id, "10000");
}

// ---- standard channels

TEST(Sv2Work, AStandardJobHasAMerkleRootAndItsShareNoExtranonce) {
    Peer peer([](SessionOptions& options) { options.extended = false; });
    peer.open_standard().says(standard_job(3)).says(prev_hash(3));
    ASSERT_EQ(peer.jobs.size(), 1u);
    EXPECT_EQ(peer.jobs[0]->merkle_root, (Hash256{{3, 7}}));
    EXPECT_EQ(work::rolls(*peer.jobs[0]), 8192u);
    peer.submit(peer.jobs[0]);
    const auto shares = peer.sent_of<SubmitSharesStandard>();
    ASSERT_EQ(shares.size(), 1u);
    EXPECT_EQ(shares[0].job, 3u);
    EXPECT_EQ(shares[0].nonce, 0xdeadbeefu);
    EXPECT_EQ(shares[0].version, 0x20072000u);  // roll 7, variant 1
}

// A server may leave the merkle root to us: an extended job for the whole group.
TEST(Sv2Work, AStandardChannelTakesItsGroupsExtendedJobs) {
    Peer peer([](SessionOptions& options) { options.extended = false; });
    peer.open_standard().says(extended_job(3, {}, kGroup)).says(prev_hash(3, 1, kGroup));
    ASSERT_EQ(peer.jobs.size(), 1u);
    EXPECT_FALSE(peer.jobs[0]->merkle_root);
    EXPECT_EQ(work::coinbase(*peer.jobs[0], {}), (Bytes{1, 2, 3, 0xaa, 0xbb, 3}));
    peer.submit(peer.jobs[0]);
    EXPECT_EQ(peer.sent_of<SubmitSharesStandard>().size(), 1u);
}

// Everything is searched: the time moves on, as far as the clock has since the block.
TEST(Sv2Work, AnExhaustedJobGoesOnWithALaterTime) {
    Peer peer([](SessionOptions& options) {
        options.extended = false;
        options.version_mask = 0;
    });
    peer.open_standard().says(standard_job(1)).says(prev_hash(1));
    ASSERT_EQ(peer.jobs.size(), 1u);
    EXPECT_EQ(work::rolls(*peer.jobs[0]), 1u);
    EXPECT_TRUE(peer.jobs[0]->space->claim(std::uint64_t{1} << 32));
    peer.wait(900ms);
    EXPECT_EQ(peer.jobs.size(), 1u);
    peer.wait(2200ms);
    ASSERT_EQ(peer.jobs.size(), 2u);
    EXPECT_EQ(peer.jobs[1]->time, 1'700'000'003u);
    EXPECT_FALSE(peer.jobs[1]->clean);
    EXPECT_FALSE(peer.jobs[1]->space->exhausted());
    peer.submit(peer.jobs[0]);
    EXPECT_EQ(peer.sent.size(), 1u);
}

// ---- shares

TEST(Sv2Shares, AreSentAtOnceAndSettledInBatches) {
    Peer peer;
    peer.open_extended().mine();
    for (int i = 0; i < 25; ++i) peer.submit(peer.jobs[0]);
    const auto shares = peer.sent_of<SubmitSharesExtended>();
    ASSERT_EQ(shares.size(), 25u);  // none waits for an answer
    EXPECT_EQ(shares[24].sequence, 24u);
    EXPECT_EQ(shares[0].extranonce, (Bytes{0, 0, 0, 0, 0, 0, 0, 7}));
    EXPECT_EQ(shares[0].version, 0x20002000u);
    EXPECT_EQ(shares[0].ntime, 1'700'000'000u);
    peer.says(SubmitSharesSuccess{kChannel, 9, 10, 0});
    EXPECT_EQ(peer.outcomes.size(), 10u);
    peer.says(SubmitSharesError{kChannel, 12, "duplicate-share"});
    EXPECT_EQ(peer.outcomes.at(10).status, Status::Rejected);
    EXPECT_EQ(peer.outcomes.at(10).reason, "duplicate-share");
    peer.says(SubmitSharesSuccess{kChannel, 20, 10, 0});
    EXPECT_EQ(peer.outcomes.size(), 21u);
    EXPECT_EQ(peer.session->accepted(), 20u);
    peer.session->disconnected();
    peer.collect();
    ASSERT_EQ(peer.outcomes.size(), 25u);
    EXPECT_EQ(peer.outcomes[24].status, Status::Unknown);
}

TEST(Sv2Shares, AnswersToNothingChangeNothing) {
    Peer peer;
    peer.open_extended().mine();
    peer.submit(peer.jobs[0]);
    peer.says(SubmitSharesSuccess{kChannel, 1, 1, 0}).says(SubmitSharesSuccess{kChannel, 0x80000000, 1, 0});
    peer.says(SubmitSharesSuccess{77, 0, 1, 0}).says(SubmitSharesError{kChannel, 1, "x"});
    EXPECT_THAT(peer.outcomes, IsEmpty());
    peer.says(SubmitSharesSuccess{kChannel, 0, 1, 0}).says(SubmitSharesSuccess{kChannel, 0, 1, 0});
    EXPECT_THAT(peer.statuses(), ElementsAre(Status::Accepted));
}

TEST(Sv2Shares, StaleOnesAreCountedAsSuch) {
    Peer peer;
    peer.open_extended().mine();
    peer.submit(peer.jobs[0]);
    peer.says(SubmitSharesError{kChannel, 0, "stale-share"});
    EXPECT_THAT(peer.statuses(), ElementsAre(Status::Stale));
}

// Where every share is a block, the pool moves on with each.
TEST(Sv2Shares, OneBlockOfAJobAtATime) {
    Peer peer;
    peer.open_extended().mine();
    for (int i = 0; i < 3; ++i) peer.submit(peer.jobs[0], true);
    EXPECT_EQ(peer.sent.size(), 1u);
    peer.says(extended_job(2)).says(prev_hash(2, 2)).wait(100ms);
    EXPECT_EQ(peer.sent.size(), 1u);
    EXPECT_THAT(peer.statuses(), ElementsAre(Status::Stale, Status::Stale));
    peer.submit(peer.jobs[1], true);
    EXPECT_EQ(peer.sent.size(), 2u);
    peer.submit(peer.jobs[1], true);
    peer.wait(30ms);  // no new job: it was no block after all, or the pool is slow
    EXPECT_EQ(peer.sent.size(), 3u);
}

TEST(Sv2Shares, APoolThatJudgesOldJobsByTheNewTargetIsLearned) {
    Peer peer;
    peer.open_extended().mine().says(SetTarget{kChannel, Uint256(1) << 200});
    Hash256 easy, good;
    easy.bytes[29] = 1;  // 2^232
    good.bytes[20] = 1;  // 2^160
    peer.submit(peer.jobs[0], false, easy);
    peer.says(SubmitSharesError{kChannel, 0, "difficulty-too-low"}).wait(100ms);
    EXPECT_THAT(peer.statuses(), ElementsAre(Status::Rejected));
    ASSERT_EQ(peer.jobs.size(), 2u);  // the same job again, under the new target
    EXPECT_EQ(peer.jobs[1]->share_target, Uint256(1) << 200);
    EXPECT_EQ(peer.jobs[1]->space, peer.jobs[0]->space);
    peer.submit(peer.jobs[0], false, easy);
    EXPECT_EQ(peer.outcomes.back().status, Status::Stale);
    peer.submit(peer.jobs[0], false, good);
    EXPECT_EQ(peer.sent.size(), 2u);
}

TEST(Sv2Shares, AnUnknownJobIsRetriedOccasionally) {
    Peer peer;
    peer.open_extended().mine();
    for (int i = 0; i < 3; ++i) peer.submit(peer.jobs[0]);
    for (std::uint32_t i = 0; i < 3; ++i) peer.says(SubmitSharesError{kChannel, i, "invalid-job-id"});
    for (int i = 0; i < 10; ++i) peer.submit(peer.jobs[0]);
    EXPECT_EQ(peer.sent.size(), 3u);
    peer.wait(1100ms);
    EXPECT_EQ(peer.sent.size(), 4u);
    for (std::uint32_t sequence = 3; peer.closed.empty() && sequence < 20; ++sequence)
        peer.says(SubmitSharesError{kChannel, sequence, "invalid-job-id"}).wait(40s);
    EXPECT_EQ(peer.closed, "the pool does not know its own job");
}

TEST(Sv2Shares, ThoseThatAPoolNeverAnswersAreForgotten) {
    Peer peer;
    peer.open_extended().mine();
    Solution solution;
    solution.job = peer.jobs[0];
    int unknown = 0;
    for (int i = 0; i < 103; ++i)
        peer.session->submit(
            solution, [&](const Outcome& outcome) { unknown += outcome.status == Status::Unknown; },
            peer.now);
    peer.collect();
    EXPECT_EQ(unknown, 3);
}

}  // namespace
}  // namespace lode::source::sv2
