#include "status/site.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "status/samples.h"

namespace lode::status {
namespace {

constexpr const char* kToken = "correct-horse-battery";

struct SiteTest : ::testing::Test {
    Snapshot now = lode::testing::sample_snapshot();
    Record record;
    bool loop_turns = true, bad_file = false;
    std::uint64_t revision = 0;
    std::string called;
    Site site{Access({"", kToken, false}, true),
              [this] { return State{now, record, loop_turns, 0, nullptr, revision}; },
              {.pause = [this] { called += "pause "; },
               .resume = [this] { called += "resume "; },
               .stop = [this] { called += "stop "; },
               .reload = [this]() -> Result<void> {
                   called += "reload ";
                   if (bad_file) return fail(ErrorKind::Usage, "unknown key 'x\n'");
                   return {};
               },
               .switch_source = [this](std::optional<std::size_t> to) -> Result<void> {
                   called += to ? "switch " + std::to_string(*to) + " " : "switch ";
                   return {};
               }}};

    Response ask(const std::string& path, Method method = Method::Get, std::string token = "") {
        Request request;
        request.method = method;
        request.path = path.substr(0, path.find('?'));
        if (path.size() > request.path.size()) request.query = path.substr(request.path.size() + 1);
        request.host = "localhost:8080";
        if (!token.empty()) request.authorization = "Bearer " + token;
        auto response = site.answer(request);
        if (response.then) response.then();
        return response;
    }
};

TEST_F(SiteTest, Health) {
    EXPECT_EQ(ask("/healthz").status, 200u);
    EXPECT_EQ(ask("/readyz").body, "ready\n");
    now.paused = true;
    EXPECT_EQ(ask("/readyz").status, 503u);
    EXPECT_EQ(ask("/readyz").body, "paused\n");
    EXPECT_EQ(ask("/healthz").status, 200u);
    loop_turns = false;
    EXPECT_EQ(ask("/healthz").status, 503u);
}

TEST_F(SiteTest, Status) {
    const auto status = nlohmann::json::parse(ask("/api/v1/status").body);
    EXPECT_EQ(status["ready"], true);
    EXPECT_EQ(status["hashrate"]["10s"], 50'000);
    EXPECT_EQ(status["hashrate"]["15m"], nullptr);
    EXPECT_EQ(status["devices"][0]["temperature_c"], 61.5);
    EXPECT_EQ(status["source"]["latency_ms"], 80);
    EXPECT_EQ(status["job"]["bits"], "1d00ffff");
    EXPECT_EQ(status["job"]["network_difficulty"], 1.0);
    EXPECT_EQ(status["shares"]["reasons"][0]["reason"], "low difficulty");
}

TEST_F(SiteTest, UntrustedTextIsMadePrintable) {
    now.job->id = "\x1b[31m\xff";
    now.devices[0].name = "a\nb";
    const auto status = nlohmann::json::parse(ask("/api/v1/status").body);
    EXPECT_EQ(status["job"]["id"], "?[31m?");
    EXPECT_EQ(status["devices"][0]["name"], "a?b");
}

TEST_F(SiteTest, ThePageLoadsOnlyItsOwnFiles) {
    const auto page = ask("/");
    EXPECT_EQ(page.type, "text/html; charset=utf-8");
    EXPECT_TRUE(page.body.starts_with("<!DOCTYPE html>"));
    EXPECT_TRUE(page.headers.at(0).second.starts_with("default-src 'none'; script-src 'self';"));
    EXPECT_EQ(ask("/page.js").type, "text/javascript; charset=utf-8");
    EXPECT_EQ(ask("/", Method::Post).status, 405u);
    std::size_t size = 0;
    for (const char* path :
         {"/", "/style.css", "/format.js", "/charts.js", "/chain.js", "/fleet.js", "/page.js", "/icon.svg"}) {
        const auto file = ask(path);
        EXPECT_EQ(file.status, 200u) << path;
        size += file.body.size();
        EXPECT_EQ(file.body.find("innerHTML"), std::string::npos) << path << ": foreign text is no markup";
    }
    EXPECT_LT(size, 60'000u);
}

TEST_F(SiteTest, HistoryTakesAWindow) {
    record.sample(now);
    const auto history = [&](const char* query) {
        Request request;
        request.path = "/api/v1/history";
        request.query = query;
        request.host = "localhost";
        return site.answer(request);
    };
    EXPECT_EQ(nlohmann::json::parse(history("").body)["window"], "1h");
    EXPECT_EQ(nlohmann::json::parse(history("window=30d").body)["interval_s"], 1800);
    for (const char* wrong : {"window=", "window=2y", "window=1h&window=1d", "since=1", "%00"})
        EXPECT_EQ(history(wrong).status, 400u) << wrong;
}

TEST_F(SiteTest, SharesAndChain) {
    record.happened(event::JobReceived{lode::testing::sample_job(), "pool"}, lode::testing::kNow);
    record.happened(event::ShareResult{lode::testing::sample_solution(lode::testing::sample_job(), 3),
                                       {Outcome::Status::Rejected, "<b>no</b>"},
                                       std::chrono::milliseconds(5)},
                    lode::testing::kNow);
    const auto share = nlohmann::json::parse(ask("/api/v1/shares").body)["shares"][0];
    EXPECT_EQ(share["reason"], "<b>no</b>");
    EXPECT_EQ(share["result"], "rejected");
    const auto chain = nlohmann::json::parse(ask("/api/v1/chain").body);
    EXPECT_EQ(chain["height"], 799'999);
    // Of difficulty 1.
    EXPECT_EQ(chain["target"], "00000000ffff0000000000000000000000000000000000000000000000000000");
    EXPECT_EQ(chain["next_retarget"]["blocks_left"], 352);
    EXPECT_EQ(chain["coinbase"], nullptr);
    EXPECT_EQ(chain["blocks"].size(), 1u);
    Request request;
    request.path = "/api/v1/chain";
    request.host = "localhost";
    request.query = "blocks=0";
    EXPECT_EQ(nlohmann::json::parse(site.answer(request).body)["blocks"].size(), 0u);
    for (const char* wrong :
         {"blocks=", "blocks=-1", "blocks=1x", "b", "blocks=99999999999999999999", "all"}) {
        request.query = wrong;
        EXPECT_EQ(site.answer(request).status, 400u) << wrong;
    }
}

TEST_F(SiteTest, Events) {
    EXPECT_TRUE(ask("/api/v1/events").events);
    EXPECT_EQ(ask("/api/v1/events").type, "text/event-stream");
}

// XMRig's units: hashes a second, null until known; milliseconds.
TEST_F(SiteTest, XmrigSummary) {
    now.rates.over_60s.reset();
    const auto summary = nlohmann::json::parse(ask("/2/summary").body);
    EXPECT_EQ(ask("/1/summary").body, ask("/2/summary").body);
    EXPECT_EQ(summary["hashrate"]["total"], (nlohmann::json{50'000, nullptr, nullptr}));
    EXPECT_EQ(summary["hashrate"]["threads"].size(), 1u);
    EXPECT_EQ(summary["uptime"], 100);
    EXPECT_EQ(summary["results"]["shares_good"], 7);
    EXPECT_EQ(summary["results"]["shares_total"], 9);
    EXPECT_EQ(summary["results"]["avg_time_ms"], 14'285);  // 100 s / 7
    EXPECT_EQ(summary["results"]["best"].size(), 10u);
    EXPECT_EQ(summary["connection"]["pool"], "pool.example:3333");
    EXPECT_EQ(summary["connection"]["uptime_ms"], 90'000);
    EXPECT_EQ(summary["connection"]["ping"], 80);
    EXPECT_EQ(summary["connection"]["rejected"], 2);
}

TEST_F(SiteTest, XmrigBackends) {
    now.devices.push_back(now.devices[0]);
    now.devices.back().backend = "cuda";
    now.devices[0].cpus = {3};
    const auto backends = nlohmann::json::parse(ask("/2/backends").body);
    EXPECT_EQ(backends[0]["type"], "cpu");
    EXPECT_EQ(backends[0]["hashrate"][0], 50'000);
    EXPECT_EQ(backends[1]["enabled"], false);
    EXPECT_EQ(backends[0]["threads"][0]["affinity"], 3);
    EXPECT_EQ(backends[2]["threads"].size(), 1u);
    EXPECT_EQ(backends[2]["threads"][0]["affinity"], -1);
}

// AxeOS' units: GH/s, numbers rather than text for difficulties.
TEST_F(SiteTest, AxeOsInfo) {
    const auto info = nlohmann::json::parse(ask("/api/system/info").body);
    EXPECT_EQ(info["hashRate"], 50'000 / 1e9);
    EXPECT_EQ(info["bestDiff"], 900);
    EXPECT_EQ(info["bestSessionDiff"], 12.5);
    EXPECT_EQ(info["temp"], 61.5);
    EXPECT_EQ(info["stratumURL"], "pool.example");
    EXPECT_EQ(info["stratumPort"], 3333);
    EXPECT_EQ(info["sharesRejectedReasons"][0]["message"], "low difficulty");
    EXPECT_EQ(info["networkDifficulty"], 1.0);
    EXPECT_EQ(info["responseTime"], 80);
    EXPECT_EQ(nlohmann::json::parse(ask("/api/system/asic").body)["asicCount"], 1);
    EXPECT_TRUE(nlohmann::json::parse(ask("/api/system/statistics").body)["statistics"].empty());
}

TEST_F(SiteTest, HashesPerJoule) {
    EXPECT_EQ(nlohmann::json::parse(ask("/api/v1/status").body)["devices"][0]["hashes_per_joule"], nullptr);
    EXPECT_EQ(ask("/metrics").body.find("lode_device_hashes_per_joule"), std::string::npos);
    now.devices[0].telemetry.power_w = 100;
    EXPECT_EQ(nlohmann::json::parse(ask("/api/v1/status").body)["devices"][0]["hashes_per_joule"], 500);
    EXPECT_NE(ask("/metrics").body.find("lode_device_hashes_per_joule{device=\"cpu\"} 500\n"),
              std::string::npos);
}

TEST_F(SiteTest, AnswersAreCachedForARevision) {
    revision = 1;
    const auto hashes = [&](const char* path) { return nlohmann::json::parse(ask(path).body)["hashes"]; };
    EXPECT_EQ(hashes("/api/v1/status"), 5'000'000);
    now.hashes = 6'000'000;
    EXPECT_EQ(hashes("/api/v1/status"), 5'000'000);
    EXPECT_EQ(hashes("/api/v1/status?x=y"), 6'000'000) << "another question";
    EXPECT_NE(ask("/metrics").body.find("lode_ready 1"), std::string::npos);
    revision = 2;
    EXPECT_EQ(hashes("/api/v1/status"), 6'000'000);
    for (int i = 0; i < 100; ++i) ask("/api/v1/chain?blocks=" + std::to_string(i));
    EXPECT_EQ(hashes("/api/v1/status"), 6'000'000);
}

// The formats of Prometheus differ, and so do the answers.
TEST_F(SiteTest, FormatsAreCachedSeparately) {
    revision = 1;
    Request request;
    request.path = "/metrics";
    request.host = "localhost";
    EXPECT_EQ(site.answer(request).body.find("# EOF"), std::string::npos);
    request.accept = "application/openmetrics-text";
    EXPECT_NE(site.answer(request).body.find("# EOF"), std::string::npos);
}

TEST_F(SiteTest, UnknownPaths) {
    for (const char* path : {"", "/nothing", "/metrics/", "/page.js/", "/index.html", "/../etc/passwd",
                             "/api/v1/status/..", "*", "/%2e%2e/metrics"})
        EXPECT_EQ(ask(path).status, 404u) << path;
}

TEST_F(SiteTest, Methods) {
    EXPECT_EQ(ask("/metrics", Method::Head).status, 200u);
    const auto wrong = ask("/metrics", Method::Post);
    EXPECT_EQ(wrong.status, 405u);
    EXPECT_EQ(wrong.headers.at(0).second, "GET, HEAD");
    EXPECT_EQ(ask("/healthz", Method::Other).status, 405u);
    EXPECT_EQ(ask("/api/v1/stop", Method::Get, kToken).status, 405u);
    EXPECT_EQ(called, "");
}

TEST_F(SiteTest, AReloadSaysWhyNot) {
    for (const char* path : {"/api/v1/reload", "/api/v1/switch"}) {
        EXPECT_EQ(ask(path, Method::Post).status, 401u);
        EXPECT_EQ(ask(path, Method::Get, kToken).status, 405u);
    }
    EXPECT_EQ(called, "");
    EXPECT_EQ(ask("/api/v1/reload", Method::Post, kToken).status, 202u);
    bad_file = true;
    const auto refused = ask("/api/v1/reload", Method::Post, kToken);
    EXPECT_EQ(refused.status, 400u);
    EXPECT_EQ(refused.body, "{\"error\":\"unknown key 'x?'\"}\n");
    EXPECT_EQ(called, "reload reload ");
}

TEST_F(SiteTest, SwitchesToASourceByNumber) {
    const auto status = [this](const std::string& query) {
        Request request;
        request.method = Method::Post;
        request.path = "/api/v1/switch";
        request.query = query;
        request.host = "localhost:8080";
        request.authorization = std::string("Bearer ") + kToken;
        return site.answer(request).status;
    };
    EXPECT_EQ(status(""), 202u);
    EXPECT_EQ(status("to=3"), 202u);
    for (const char* wrong : {"to=", "to=-1", "to=x", "to=1x", "from=1", "to=99999999999999999999"})
        EXPECT_EQ(status(wrong), 400u) << wrong;
    EXPECT_EQ(called, "switch switch 3 ");
}

TEST_F(SiteTest, ActionsNeedTheToken) {
    EXPECT_EQ(ask("/api/v1/pause", Method::Post).status, 401u);
    EXPECT_EQ(ask("/api/v1/pause", Method::Post, "correct-horse-batterx").status, 403u);
    EXPECT_EQ(called, "");
    EXPECT_EQ(ask("/api/v1/pause", Method::Post, kToken).status, 202u);
    EXPECT_EQ(ask("/api/v1/resume", Method::Post, kToken).status, 202u);
    EXPECT_EQ(ask("/api/v1/stop", Method::Post, kToken).status, 202u);
    EXPECT_EQ(called, "pause resume stop ");
}

}  // namespace
}  // namespace lode::status
