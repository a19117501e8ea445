#include "status/record.h"

#include <gtest/gtest.h>

#include "status/samples.h"

namespace lode::status {
namespace {

using namespace std::chrono_literals;
using lode::testing::kNow, lode::testing::sample_job, lode::testing::sample_snapshot,
    lode::testing::sample_solution;

const Outcome kAccepted{Outcome::Status::Accepted, ""};

TEST(Record, SharesCountForTheSourceInUse) {
    Record record;
    auto now = sample_snapshot();
    now.source.name = "a";
    record.sample(now);
    now.source.name = "b";
    now.shares.accepted += 3;
    record.sample(now);
    record.sample(now);  // nothing new
    EXPECT_EQ(record.shares_by_source().at("a").accepted, 7u);
    EXPECT_EQ(record.shares_by_source().at("a").rejected, 2u);
    EXPECT_EQ(record.shares_by_source().at("b").accepted, 3u);
    EXPECT_EQ(record.shares_by_source().at("b").rejected, 0u);
}

TEST(Record, SourcesAreBounded) {
    Record record;
    auto now = sample_snapshot();
    for (int i = 0; i < 100; ++i) {
        now.source.name = "source " + std::to_string(i);
        now.shares.accepted += 1;
        record.sample(now);
    }
    EXPECT_EQ(record.shares_by_source().size(), Record::kMaxSources + 1);
    EXPECT_EQ(record.shares_by_source().at("other").accepted, 100 - Record::kMaxSources);
}

TEST(Record, SoloBlocksAreEntriesAndPoolBlocksArriveAsShares) {
    Record record;
    record.happened(event::JobReceived{sample_job(), "pool"}, kNow);
    record.happened(event::BlockResult{sample_solution(sample_job(5, true), 3.5, true), kAccepted, 40ms},
                    kNow);
    record.happened(event::BlockResult{sample_solution(sample_job(), 4.5, true), kAccepted, 40ms}, kNow);
    record.happened(event::ShareResult{sample_solution(sample_job(), 4.5, true), kAccepted, 40ms}, kNow + 1s);
    ASSERT_EQ(record.shares().size(), 2u);
    EXPECT_EQ(record.shares()[0].difficulty, 3.5);
    EXPECT_EQ(record.shares()[1].difficulty, 4.5);
    EXPECT_EQ(record.shares()[1].target, 2.0);
    EXPECT_EQ(record.blocks_by_source().at("pool").accepted, 2u);
    EXPECT_EQ(record.last_accepted(), kNow + 1s);
}

TEST(Record, LatencyFallsIntoBuckets) {
    LatencyHistogram histogram;
    for (const auto ms : {0ms, 5ms, 6ms, 10'000ms, 10'001ms}) histogram.add(ms);
    EXPECT_EQ(histogram.counts[0], 2u);  // up to and with 5 ms
    EXPECT_EQ(histogram.counts[1], 1u);
    EXPECT_EQ(histogram.counts[10], 1u);
    EXPECT_EQ(histogram.counts[11], 1u);
    EXPECT_DOUBLE_EQ(histogram.sum, 20.012);
}

TEST(Record, SharesAndVerdictsAreBounded) {
    Record record;
    for (int i = 0; i < 2000; ++i) {
        record.happened(event::ShareResult{sample_solution(sample_job(), i), kAccepted, 1ms}, kNow);
        record.happened(event::Judgement{sample_job(), "verdict " + std::to_string(i), ""}, kNow);
    }
    EXPECT_EQ(record.shares().size(), Record::kMaxShares);
    EXPECT_EQ(record.shares().back().difficulty, 1999);
    EXPECT_EQ(record.judgements().size(), 17u);
}

}  // namespace
}  // namespace lode::status
