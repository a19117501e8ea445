// Pools by transcript: one that keeps every rule, and planted faults that have to be named.
#include "doctor/pool_exam.h"

#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/examined.h"

namespace lode::doctor {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

constexpr std::int64_t kNow = 0x6b009f25;

std::string prev(int n) {
    return fmt::format("{:08x}{}", n, std::string(56, '0'));
}

// What a pool says; each test changes some of it.
struct Pool {
    Json configure = {{"version-rolling", true}, {"version-rolling.mask", "1fffe000"}};
    Json subscribe = Json::array({Json::array(), "aabb", 4}), authorize = true;
    Json difficulty = Json::array({1e-6});
    bool difficulty_first = true, job_before_subscribe = false, string_ids = false, answers_unknown = true,
         two_on_a_line = false;
    std::vector<Json> jobs = {job("a", 1), job("b", 2)};
    // Answers to the shares sent by a probe: of an unknown job, too weak, stale, good, twice.
    std::vector<Json> shares = {error(21), error(23), error(21), true, error(22)};
    bool hangs_up_on_malformed = false;

    // Height 120,000 (03c0d401), then six bytes of extranonces; 25 coins to kAddress.
    static Json job(const char* id, int n, bool clean = true) {
        return Json::array({id, prev(n),
                            "02000000"
                            "01" +
                                std::string(64, '0') +
                                "ffffffff"
                                "0a"
                                "03c0d401",
                            "ffffffff"
                            "01"
                            "00f9029500000000"
                            "16"
                            "0014751e76e8199196d454941c45d1b3a323f1433bd6"
                            "00000000",
                            Json::array(), "20000000", "1d00ffff", "6b009f25", clean});
    }
    static Json error(int code) { return Json::array({code, "no", nullptr}); }

    [[nodiscard]] std::vector<std::string> notifications() const {
        std::vector<std::string> lines = {
            Json{{"id", nullptr}, {"method", "mining.set_difficulty"}, {"params", difficulty}}.dump()};
        for (const Json& j : jobs)
            lines.push_back(Json{{"id", nullptr}, {"method", "mining.notify"}, {"params", j}}.dump());
        if (!difficulty_first) std::rotate(lines.begin(), lines.begin() + 1, lines.end());
        return lines;
    }
    std::vector<std::string> reply(const std::string& line) {
        const Json request = Json::parse(line, nullptr, false);
        if (request.is_discarded()) return {};
        const std::string method = request["method"];
        const Json id = string_ids ? Json(request["id"].dump()) : request["id"];
        const auto answer = [&](const Json& result) {
            const bool refused = result.is_array() && !result.empty() && result[0].is_number_integer();
            return Json{
                {"id", id}, {"result", refused ? Json() : result}, {"error", refused ? result : Json()}}
                .dump();
        };
        if (method == "mining.configure") return {answer(configure)};
        if (method == "mining.subscribe") {
            if (!job_before_subscribe) return {answer(subscribe)};
            return {notifications().back(), answer(subscribe)};
        }
        if (method == "mining.authorize") {
            auto lines = notifications();
            if (two_on_a_line) lines = {lines[0] + lines[1]};
            lines.insert(lines.begin(), answer(authorize));
            return lines;
        }
        if (method == "mining.submit") return {answer(shares.at(share_++))};
        if (method == "mining.extranonce.subscribe") return {answer(true)};
        return answers_unknown ? std::vector{answer(error(20))} : std::vector<std::string>{};
    }

 private:
    std::size_t share_ = 0;
};

Examined examine(Pool pool, bool probe = true) {
    Examined out;
    PoolExam exam(exam_options(kNow), out.report);
    auto now = PoolExam::TimePoint() + 1h;
    exam.start(now);
    while (!exam.done() || (probe && !exam.over())) {
        if (exam.done()) exam.begin_probe(now);
        const auto sent = exam.take_sent();
        for (const auto& line : sent) {
            if (pool.hangs_up_on_malformed && line == R"({"id":)")
                exam.closed({ErrorKind::Unreachable, "closed", {}, {}});
            for (const auto& reply : pool.reply(line)) exam.line(reply, now += 2ms);
        }
        if (sent.empty()) exam.tick(now = exam.deadline());
    }
    out.failed = exam.failed();
    return out;
}

TEST(PoolExam, APoolThatKeepsEveryRule) {
    const Examined good = examine(Pool{});
    EXPECT_THAT(good.broken(), IsEmpty());
    EXPECT_TRUE(good.report.all_held());
    EXPECT_EQ(good.seen("height"), "120000");
    EXPECT_EQ(good.seen("pays"), "25.00000000 to " + std::string(kAddress));
    EXPECT_EQ(good.seen("mask"), "1fffe000 of 1fffe000");
    EXPECT_EQ(good.seen("difficulty-stated"), "1e-06");
    EXPECT_THAT(good.seen("duplicate"), HasSubstr("22"));
    EXPECT_EQ(good.seen("job-rate"), "2 in 10.0 s");
    EXPECT_EQ(good.seen("latency"), "median 2.0 ms, 90 % 2.0 ms, longest 2.0 ms of 10 answers");
    for (const auto& f : good.report.findings()) {
        EXPECT_FALSE(f.source.empty()) << f.rule;
        EXPECT_FALSE(f.demand.empty()) << f.rule;
    }
    const Examined quiet = examine(Pool{}, false);
    EXPECT_EQ(quiet.seen("low-share"), "not looked at");
}

const Fault<Pool> kFaults[] = {
    {"mask", "ffffffff of 1fffe000", [](Pool& p) { p.configure["version-rolling.mask"] = "ffffffff"; }},
    {"ids", "\"1\"", [](Pool& p) { p.string_ids = true; }},
    {"order", "came first", [](Pool& p) { p.job_before_subscribe = true; }},
    {"difficulty", "[\"0.001\"]", [](Pool& p) { p.difficulty = Json::array({"0.001"}); }},
    {"notify-types", "ntime \"1\"", [](Pool& p) { p.jobs[0][7] = "1"; }},
    {"job-id", "other content", [](Pool& p) { p.jobs.push_back(Pool::job("a", 3)); }},
    {"clean-jobs", "says false", [](Pool& p) { p.jobs[1][8] = false; }},
    {"ntime", "10800 s behind", [](Pool& p) { p.jobs[1][7] = fmt::format("{:08x}", kNow - 10800); }},
    {"height", "no minimal push",
     [](Pool& p) {
         p.jobs[1][2] =
             "02000000"
             "01" +
             std::string(64, '0') +
             "ffffffff"
             "0a"
             "04c0d40100";
         p.jobs[1][2] = p.jobs[1][2].get<std::string>().replace(82, 2, "0b");
     }},
    {"coinbase", "no such transaction", [](Pool& p) { p.jobs[1][3] = "ffffffff"; }},
    {"expect-addr", "nothing to bcrt1",
     [](Pool& p) {
         p.jobs[1][3] =
             "ffffffff"
             "01"
             "00f9029500000000"
             "01"
             "51"
             "00000000";
     }},
    {"unknown-method", "no answer", [](Pool& p) { p.answers_unknown = false; }},
    {"unknown-job", "accepted", [](Pool& p) { p.shares[0] = true; }},
    {"low-share", "accepted", [](Pool& p) { p.shares[1] = true; }},
    {"stale-share", "accepted", [](Pool& p) { p.shares[2] = true; }},
    {"good-share", "no", [](Pool& p) { p.shares[3] = Pool::error(20); }},
    {"duplicate", "accepted", [](Pool& p) { p.shares[4] = true; }},
    {"framing", "mining.set_difficulty", [](Pool& p) { p.two_on_a_line = true; }},
    {"authorize", "\"yes\"", [](Pool& p) { p.authorize = "yes"; }},
    {"first-job", "none within 30 s", [](Pool& p) { p.jobs.clear(); }},
    {"subscribe", "extranonce",
     [](Pool& p) {
         p.subscribe = Json::array({Json::array(), "xx", 4});
     }},
};

class FaultOfAPool : public ::testing::TestWithParam<Fault<Pool>> {};

TEST_P(FaultOfAPool, IsNamed) {
    Pool pool;
    GetParam().plant(pool);
    const Examined found = examine(std::move(pool));
    EXPECT_THAT(found.broken(), Contains(GetParam().rule));
    EXPECT_THAT(found.seen(GetParam().rule), HasSubstr(GetParam().seen));
    EXPECT_FALSE(found.report.all_held());
}

INSTANTIATE_TEST_SUITE_P(Table, FaultOfAPool, ::testing::ValuesIn(kFaults));

TEST(PoolExam, TenFaultsAtOnceAreAllNamed) {
    Pool pool;
    std::set<std::string> planted;
    for (const auto& fault : kFaults) {
        if (planted.size() == 10) break;
        if (fault.rule == std::string("difficulty")) continue;  // without one the search for a share is long
        fault.plant(pool);
        planted.insert(fault.rule);
    }
    EXPECT_EQ(planted.size(), 10u);
    const auto broken = examine(std::move(pool)).broken();
    for (const auto& rule : planted) EXPECT_THAT(broken, Contains(rule));
}

// What is allowed but surprises is a note.
TEST(PoolExam, NotesAreNoFaults) {
    Pool pool;
    pool.difficulty_first = false;
    pool.configure = Json::array({20, "unknown", nullptr});
    pool.subscribe[2] = 2;
    pool.hangs_up_on_malformed = true;
    pool.shares[1] = Pool::error(20);
    pool.jobs = {Pool::job("a", 1), Pool::job("b", 1)};
    for (Json& j : pool.jobs) j[2] = j[2].get<std::string>().replace(82, 2, "08");
    const Examined found = examine(std::move(pool));
    EXPECT_THAT(found.broken(), IsEmpty());
    for (const auto& [rule, seen] : {std::pair("difficulty-stated", "none: 1 holds"),
                                     {"extranonce", "2^48"},
                                     {"malformed-line", "hangs up"},
                                     {"low-share", "another code"},
                                     {"clean-jobs", "same previous block"}})
        EXPECT_THAT(found.seen(rule), HasSubstr(seen)) << rule;
}

TEST(PoolExam, ARefusedUserIsAnError) {
    Pool pool;
    pool.authorize = false;
    EXPECT_THAT(examine(std::move(pool)).failed.value().text(), HasSubstr("refuses the user"));
}

}  // namespace
}  // namespace lode::doctor
