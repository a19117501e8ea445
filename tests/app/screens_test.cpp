#include "app/screens.h"

#include <gtest/gtest.h>

namespace lode::app {
namespace {

using namespace std::chrono_literals;

std::string joined(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) {
        EXPECT_LE(line.size(), 82u) << line;  // 100 columns, less the time and the word
        for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line;
        text += line + "\n";
    }
    return text;
}

Snapshot at_work() {
    Snapshot s;
    s.taken = std::chrono::system_clock::time_point(1'000'000s);
    s.rates = {39.2e6, 38e6, std::nullopt};
    s.best_difficulty = s.best_difficulty_ever = 1234.5;
    s.hardware_errors = 1;
    s.shares.accepted = 12;
    s.shares.rejected = 2;
    s.shares.reasons = {{Outcome::Status::Rejected, "low difficulty\x1b[2J", 2}};
    s.source.name = "stratum+tcp://pool.example:3333";
    s.source.connected_since = s.taken - 3661s;
    s.source.difficulty = 8;
    s.source.latency = 80ms;
    s.job = JobSnapshot{"7f", 840'000, "main", 0x1d00ffff, 8, s.taken - 5s, "tip", "height 839999"};
    s.devices.resize(2);
    s.devices[0].id = "cuda:0";
    s.devices[0].name = "NVIDIA H200";
    s.devices[0].kernel = "sm_90";
    s.devices[0].state = DeviceState::Running;
    s.devices[0].rates.over_10s = 39e6;
    s.devices[0].telemetry.temperature_c = 61;
    s.devices[0].telemetry.power_w = 350.4;
    s.devices[0].shares.accepted = 12;
    s.devices[1].id = "cpu";
    s.devices[1].state = DeviceState::Failed;
    s.devices[1].error = Error{ErrorKind::Device, "out of memory", {}, {}};
    FoundBlock block;
    block.height = 839'999;
    block.difficulty = 2e12;
    block.status = BlockStatus::Rejected;
    block.found = s.taken - 90s;
    s.blocks = {block};
    s.blocks_found = 1;
    return s;
}

TEST(Screens, RatesSayWhichWindowIsNotFullYet) {
    EXPECT_EQ(joined(rates_screen(at_work(), 41e6)),
              "10s 39.20 MH/s  60s 38.00 MH/s  15m n/a  highest 41.00 MH/s\n"
              "cuda:0       10s 39.00 MH/s  60s n/a  15m n/a\n"
              "cpu          10s n/a  60s n/a  15m n/a\n");
    Snapshot fresh;
    fresh.paused = true;
    EXPECT_EQ(joined(rates_screen(fresh, 0)), "10s n/a  60s n/a  15m n/a  highest n/a  (paused)\n");
}

TEST(Screens, SharesWithReasonsAndBlocks) {
    EXPECT_EQ(joined(shares_screen(at_work())),
              "accepted 12  rejected 2  stale 0  unanswered 0  hardware errors 1\n"
              "best 1.23k, of all time 1.23k  blocks found 1\n"
              "2 times \"low difficulty?[2J\"\n"
              "block 839999  000000000000..000000  diff 2.00T  rejected  1m 30s ago\n");
}

TEST(Screens, Devices) {
    EXPECT_EQ(joined(devices_screen(at_work())),
              "cuda:0       running    39.00 MH/s  A 12 R 0 HW 0  61 C  350 W\n"
              "             NVIDIA H200, kernel sm_90\n"
              "cpu          failed            n/a  A 0 R 0 HW 0\n"
              "             \n"
              "             out of memory\n");
}

TEST(Screens, Connection) {
    EXPECT_EQ(joined(connection_screen(at_work())),
              "stratum+tcp://pool.example:3333  connected for 1h 01m 01s\n"
              "share difficulty 8  last answer after 80 ms\n");
    Snapshot lost = at_work();
    lost.source.connected_since.reset();
    lost.source.error = Error{ErrorKind::Unreachable, "connection refused", {}, {}};
    lost.source.difficulty.reset();
    EXPECT_EQ(joined(connection_screen(lost)),
              "stratum+tcp://pool.example:3333  not connected\nconnection refused\n");
}

// 2^32 hashes at 39.2 MH/s take 109.6 s.
TEST(Screens, Job) {
    EXPECT_EQ(joined(job_screen(at_work())),
              "id 7f  height 840000  main  5.0s old\n"
              "bits 1d00ffff  share difficulty 8  a block every 1m 49s at this rate\n"
              "judged tip  height 839999\n");
    EXPECT_EQ(joined(job_screen(Snapshot())), "no job\n");
}

// Whatever a pool sends: no line wraps, no byte of it reaches the terminal raw.
TEST(Screens, HostileTextIsCutAndPrintable) {
    Snapshot s = at_work();
    const std::string hostile(500, '\x1b');
    s.job->id = s.job->judgement = s.job->judgement_detail = s.job->network = hostile;
    s.source.name = s.shares.reasons[0].text = s.devices[0].name = s.devices[0].kernel = hostile;
    s.source.error = s.devices[1].error = Error{ErrorKind::Refused, hostile, {}, {}};
    for (const auto& lines :
         {rates_screen(s, 1), shares_screen(s), devices_screen(s), connection_screen(s), job_screen(s)})
        for (const auto& line : lines) {
            EXPECT_LE(line.size(), 82u) << line;
            EXPECT_EQ(line.find('\x1b'), std::string::npos);
        }
}

}  // namespace
}  // namespace lode::app
