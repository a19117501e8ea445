#include "app/reporter.h"

#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "chain/target.h"
#include "util/line_writer.h"
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

// What was printed since CaptureStdout(); the writer's thread may lag behind.
std::string printed() {
    EXPECT_TRUE(util::standard_streams().flush(std::chrono::seconds(10)));
    return ::testing::internal::GetCapturedStdout();
}

nlohmann::json json_of(const Event& event) {
    ::testing::internal::CaptureStdout();
    make_json_reporter()->on(event);
    return nlohmann::json::parse(printed());
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

TEST(JsonReporter, Device) {
    DeviceInfo info;
    info.name = "chip";
    info.kernel = "sm_90";
    EXPECT_EQ(json_of(event::DeviceOpened{"cuda:0", info}).dump(),
              R"({"device":"cuda:0","event":"device","kernel":"sm_90","name":"chip","state":"running"})");
    const Error error{ErrorKind::Device, "out of memory", {}, {}};
    EXPECT_EQ(
        json_of(event::DeviceFailed{"cuda:0", error, milliseconds(2000)}).dump(),
        R"({"device":"cuda:0","error":"out of memory","event":"device","retry_ms":2000,"state":"failed"})");
    EXPECT_EQ(json_of(event::DeviceRetired{"cuda:0", error}).dump(),
              R"({"device":"cuda:0","error":"out of memory","event":"device","state":"retired"})");
}

TEST(JsonReporter, Source) {
    EXPECT_EQ(json_of(event::SourceConnected{"stratum+ssl://a:1", "with TLS"}).dump(),
              R"({"detail":"with TLS","event":"source","source":"stratum+ssl://a:1","state":"connected"})");
    const Error error{ErrorKind::Unreachable, "refused", {}, {}};
    EXPECT_EQ(json_of(event::SourceLost{"a:1", error, milliseconds(1500)}).dump(),
              R"({"error":"refused","event":"source","retry_ms":1500,"source":"a:1","state":"lost"})");
    EXPECT_EQ(json_of(event::SourceLost{"a:1", error, {}})["retry_ms"], nullptr);
    EXPECT_EQ(
        json_of(event::SourceSwitched{"a:1", "b:2", false}).dump(),
        R"({"asked":false,"back":false,"event":"source","from":"a:1","source":"b:2","state":"switched"})");
}

TEST(JsonReporter, Summary) {
    Totals totals;
    totals.blocks = 3;
    totals.hashes = 1234;
    ::testing::internal::CaptureStdout();
    make_json_reporter()->summary(totals, Snapshot());
    const auto j = nlohmann::json::parse(printed());
    for (const char* key : {"blocks", "blocks_rejected", "shares_accepted", "shares_rejected", "stale",
                            "hardware_errors", "blocks_found", "blocks_accepted", "hashes", "seconds",
                            "best_difficulty", "expected_block_seconds"})
        EXPECT_TRUE(j.contains(key)) << key;
    EXPECT_EQ(j["event"], "summary");
    EXPECT_EQ(j["blocks"], 3);
}

TEST(JsonReporter, BadUtf8DoesNotThrow) {
    const auto j = json_of(
        event::BlockResult{solution(true, true), {Outcome::Status::Rejected, "\xff\xfe"}, milliseconds(0)});
    EXPECT_EQ(j["result"], "rejected");
}

TEST(TextReporter, SharesAsOtherMinersPrintThem) {
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    reporter->on(
        event::ShareResult{solution(false, false), {Outcome::Status::Accepted, ""}, milliseconds(80)});
    reporter->on(event::ShareResult{
        solution(false, false), {Outcome::Status::Rejected, "low difficulty (23)"}, milliseconds(7)});
    const std::string text = printed();
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
    const std::string text = printed();
    EXPECT_NE(text.find("00ff  share accepted, block not confirmed (1/0) diff 700/256 (80 ms)"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("accepted (1/0) diff 0.5 (80 ms)"), std::string::npos) << text;
}

// The network's word comes after the pool's, which is about the share.
TEST(TextReporter, ABlockAtAPoolIsConfirmedLater) {
    const event::BlockConfirmed confirmed{solution(true, false).hash, 12, "the header tree"};
    EXPECT_EQ(json_of(confirmed).dump(), R"({"by":"the header tree","event":"block_confirmed","hash":")" +
                                             confirmed.hash.hex() + R"(","height":12})");
    EXPECT_EQ(json_of(event::BlockConfirmed{confirmed.hash, -1, "x"})["height"], nullptr);
    Totals totals;
    totals.blocks = 2;
    totals.blocks_accepted = 1;
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    reporter->on(confirmed);
    reporter->summary(totals, Snapshot());
    const std::string text = printed();
    EXPECT_NE(text.find("height 12  " + confirmed.hash.hex() + "  confirmed by the header tree"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("blocks 2/0 (1 confirmed)"), std::string::npos) << text;
}

TEST(TextReporter, DevicesAndSources) {
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    DeviceInfo info;
    info.name = "chip";
    info.kernel = "sm_90";
    const Error broken{ErrorKind::Device, "out of memory", {}, {}};
    const Error refused{ErrorKind::Unreachable, "refused", "a:1", {}};
    reporter->on(event::DeviceOpened{"cuda:0", info});
    reporter->on(event::DeviceFailed{"cuda:0", broken, milliseconds(1000)});
    reporter->on(event::DeviceRetired{"cuda:0", broken});
    reporter->on(event::SourceConnected{"a:1", "with TLS"});
    reporter->on(event::SourceLost{"a:1", refused, milliseconds(1500)});
    reporter->on(event::SourceSwitched{"a:1", "b:2", false});
    reporter->on(event::SourceSwitched{"b:2", "a:1", true});
    reporter->on(event::SourceSwitched{"a:1", "c:3", false, true});
    const std::string text = printed();
    for (const char* line : {
             "info     cuda:0: chip, kernel sm_90\n",
             "error    cuda:0: out of memory; reopening it\n",
             "error    cuda:0: out of memory; given up\n",
             "info     a:1: connected, with TLS\n",
             "warning  a:1: refused; next attempt in 1.5 s\n",
             "warning  failing over to b:2\n",
             "info     back to a:1\n",
             "info     switched to c:3\n",
         })
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

JobPtr job(std::uint8_t prev, double difficulty) {
    Job job;
    job.prev.bytes[0] = prev;
    job.height = 11 + prev;
    job.difficulty = difficulty;
    job.bits = 0x1d00ffff;
    return work::seal(std::move(job));
}

// For the same block: what changed, and nothing where that is only the transactions.
TEST(TextReporter, AJobSaysWhatIsNew) {
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    for (int i = 0; i < 1000; ++i) reporter->on(event::JobReceived{job(1, 8), "a:1"});
    reporter->on(event::JobReceived{job(1, 16), "a:1"});
    reporter->on(event::JobReceived{job(2, 16), "a:1"});
    reporter->on(event::JobReceived{job(2, 16), "b:2"});
    std::string lines;
    std::istringstream text(printed());
    for (std::string line; std::getline(text, line);) lines += line.substr(9) + "\n";  // without the time
    EXPECT_EQ(lines,
              "job      height 12  diff 8  from a:1\n"
              "job      height 12  diff 8 -> 16\n"
              "job      height 13  diff 16\n"
              "job      height 13  from b:2\n");
}

TEST(TextReporter, ABlockFarAboveItsTargetIsWorthAWord) {
    Solution s = solution(true, true);
    Job job = *s.job;
    job.block_target = *chain::target_of_difficulty(2);
    s.job = work::seal(std::move(job));
    s.difficulty = 300;
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    reporter->on(event::BlockResult{s, {Outcome::Status::Accepted, ""}, milliseconds(80)});
    EXPECT_NE(printed().find("luck     150 times the difficulty that it takes\n"), std::string::npos);
}

// After ten seconds, then once a minute; never with a rate that was not measured.
TEST(TextReporter, RatesComeAtSensibleIntervals) {
    const auto reporter = make_text_reporter();
    ::testing::internal::CaptureStdout();
    reporter->on(
        event::ShareResult{solution(false, false), {Outcome::Status::Accepted, ""}, milliseconds(1)});
    Snapshot snapshot;
    snapshot.rates.over_10s = 39.2e6;
    snapshot.best_difficulty = 1500;
    for (int seconds = 5; seconds <= 75; seconds += 5) {
        snapshot.uptime = std::chrono::seconds(seconds);
        reporter->tick(snapshot);
    }
    const std::string text = printed();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 2) << text;  // the share's line too
    EXPECT_NE(text.find("rate     10s/60s/15m 39.20 MH/s n/a n/a  A 1 R 0 HW 0  best 1.50k\n"),
              std::string::npos)
        << text;
}

TEST(TextReporter, TheSummarySaysHowLongABlockTakes) {
    const auto reporter = make_text_reporter();
    reporter->on(event::JobReceived{job(1, 8), "a:1"});
    Totals totals;
    totals.hashes = 10'000'000;
    totals.seconds = 10;
    Snapshot snapshot;
    snapshot.best_difficulty = 2;
    ::testing::internal::CaptureStdout();
    reporter->summary(totals, snapshot);
    const std::string text = printed();
    EXPECT_NE(text.find("summary  10.0s at 1.00 MH/s, 10.00 Mhashes; blocks 0/0\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("summary  best 2; a block takes 1h 11m 34s on average at this rate\n"),
              std::string::npos)
        << text;
}

}  // namespace
}  // namespace lode::app
