#include "app/reporter.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "chain/target.h"
#include "work/roll.h"

namespace lode::app {
namespace {

Solution solution(bool block, bool solo) {
    Job job;
    job.id = "7f";
    job.height = 12;
    job.difficulty = 0.5;
    job.single_block = solo;
    Solution s;
    s.job = work::seal(std::move(job));
    s.block = block;
    s.hash = *Hash256::from_hex("00000000000000000000000000000000000000000000000000000000000000ff");
    s.device = "cpu";
    return s;
}

nlohmann::json json_of(const Event& event) {
    ::testing::internal::CaptureStdout();
    make_json_reporter()->on(event);
    return nlohmann::json::parse(::testing::internal::GetCapturedStdout());
}

using std::chrono::milliseconds;

// The keys of src/README.md, "Machine-readable output".
TEST(JsonReporter, Block) {
    const auto j = json_of(
        event::BlockResult{solution(true, true), {Outcome::Status::Rejected, "high-hash"}, milliseconds(3)});
    EXPECT_EQ(j["event"], "block");
    EXPECT_EQ(j["height"], 12);
    EXPECT_EQ(j["hash"], "00000000000000000000000000000000000000000000000000000000000000ff");
    EXPECT_EQ(j["result"], "rejected");
    EXPECT_EQ(j["reason"], "high-hash");
}

TEST(JsonReporter, Share) {
    const auto j = json_of(
        event::ShareResult{solution(false, false), {Outcome::Status::Accepted, ""}, milliseconds(80)});
    EXPECT_EQ(j["event"], "share");
    EXPECT_EQ(j["difficulty"], 0.5);
    EXPECT_EQ(j["result"], "accepted");
    EXPECT_EQ(j["ms"], 80);
}

TEST(JsonReporter, Summary) {
    Totals totals;
    totals.blocks = 3;
    totals.hashes = 1234;
    ::testing::internal::CaptureStdout();
    make_json_reporter()->summary(totals);
    const auto j = nlohmann::json::parse(::testing::internal::GetCapturedStdout());
    for (const char* key : {"blocks", "blocks_rejected", "shares_accepted", "shares_rejected", "stale",
                            "hardware_errors", "hashes", "seconds"})
        EXPECT_TRUE(j.contains(key)) << key;
    EXPECT_EQ(j["event"], "summary");
    EXPECT_EQ(j["blocks"], 3);
}

TEST(JsonReporter, BadUtf8DoesNotThrow) {
    const auto j = json_of(
        event::BlockResult{solution(true, true), {Outcome::Status::Rejected, "\xff\xfe"}, milliseconds(0)});
    EXPECT_EQ(j["result"], "rejected");
}

TEST(TextReporter, SharesInTheHabitOfTheField) {
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    reporter->on(
        event::ShareResult{solution(false, false), {Outcome::Status::Accepted, ""}, milliseconds(80)});
    reporter->on(event::ShareResult{
        solution(false, false), {Outcome::Status::Rejected, "low difficulty (23)"}, milliseconds(7)});
    const std::string text = ::testing::internal::GetCapturedStdout();
    EXPECT_NE(text.find("accepted (1/0) diff 0.5 (80 ms)"), std::string::npos) << text;
    EXPECT_NE(text.find("rejected (1/1) diff 0.5 \"low difficulty (23)\" (7 ms)"), std::string::npos) << text;
}

// At a pool the same hash is a share and a block: each line names the difficulty that it stands for.
TEST(TextReporter, ABlockShowsItsDifficultyBesideTheNetworks) {
    Solution s = solution(true, false);
    Job job = *s.job;
    job.block_target = *chain::target_of_difficulty(256);
    s.job = work::seal(std::move(job));
    s.difficulty = 700;
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    reporter->on(event::BlockResult{s, {Outcome::Status::Accepted, ""}, milliseconds(80)});
    reporter->on(event::ShareResult{s, {Outcome::Status::Accepted, ""}, milliseconds(80)});
    const std::string text = ::testing::internal::GetCapturedStdout();
    EXPECT_NE(text.find("00ff  accepted (1/0) diff 700/256 (80 ms)"), std::string::npos) << text;
    EXPECT_NE(text.find("accepted (1/0) diff 0.5 (80 ms)"), std::string::npos) << text;
}

TEST(TextReporter, AFloodOfJobsIsNotPrinted) {
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    for (int i = 0; i < 1000; ++i) {
        Job job;
        job.prev.bytes[0] = 1;
        reporter->on(event::JobReceived{work::seal(std::move(job)), "pool"});
    }
    const std::string text = ::testing::internal::GetCapturedStdout();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace
}  // namespace lode::app
