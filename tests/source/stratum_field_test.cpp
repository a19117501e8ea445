// Behaviour of real pools, and URLs in use, with scripted pools.
#include <fmt/format.h>

#include "source/registry.h"
#include "source/stratum_miner.h"
#include "util/clock.h"

namespace lode::source::stratum {
namespace {

using testing::id_of;

std::vector<std::uint8_t> first_extranonce2(const Job& job) {
    return work::extranonce2(job, 0);
}

JobPtr first_job(ScriptedPool& pool, std::optional<std::uint64_t> seed) {
    Miner miner;
    miner.options.seed = seed;
    miner.start(pool);
    EXPECT_TRUE(miner.run_until([&] { return !miner.jobs.empty(); }));
    return miner.jobs.empty() ? nullptr : miner.jobs[0];
}

TEST(StratumField, MachinesBeginAtDifferentExtranonce2) {
    ScriptedPool pool({mine});
    const JobPtr a = first_job(pool, {}), b = first_job(pool, {});
    ASSERT_TRUE(a && b);
    EXPECT_NE(first_extranonce2(*a), first_extranonce2(*b));  // the same once in 2^32 times
    EXPECT_EQ(a->space->rolls(), SearchSpace::kMaxRolls);     // and as much to search as ever
}

// std::mt19937_64 seeded with 5489 gives 14514284786278117030 = 0xc96d191cf6f6aea6 first (N2960, 26.5.5).
TEST(StratumField, ASeedDecidesWhereTheSearchBegins) {
    ScriptedPool pool({mine});
    const JobPtr job = first_job(pool, 5489);
    ASSERT_TRUE(job);
    EXPECT_EQ(first_extranonce2(*job), (std::vector<std::uint8_t>{0xf6, 0xf6, 0xae, 0xa6}));
}

// Everything at once that pools are known to send instead of what the protocol says.
TEST(StratumField, LooselyTypedMessagesAreAccepted) {
    ScriptedPool pool({[](Peer& peer) {
        peer.line(R"({"id":)" + id_of(peer.expect("mining.configure")) + R"(.0,"result":null,"error":0})");
        peer.line(R"({"id":)" + id_of(peer.expect("mining.subscribe")) +
                  R"(,"result":[null,"aabb",4.0],"error":null})");
        const std::string id = id_of(peer.expect("mining.authorize"));
        std::string notify = notify_line("j1");
        notify.replace(notify.find("[],"), 3, "null,");
        notify.replace(notify.find(",true]"), 6, ",1]");
        peer.line(R"({"id":)" + id + R"(,"result":null,"error":null})" +
                  R"({"method":"mining.set_difficulty","params":["1e-6"]})" + notify);
        peer.wait_for_end();
    }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return !miner.jobs.empty(); })) << ::testing::PrintToString(miner.said);
    EXPECT_EQ(miner.jobs[0]->difficulty, 1e-6);
    EXPECT_TRUE(miner.jobs[0]->clean);
}

TEST(StratumField, TheReasonIsNamedIfThereIsNoWork) {
    ScriptedPool silent({[](Peer& peer) {
        peer.shake_hands();
        peer.wait_for_end();
    }});
    ScriptedPool wrong({[](Peer& peer) {
        peer.shake_hands();
        for (int i = 0; i < 3; ++i) peer.line(R"({"method":"mining.notify","params":[5]})");
        peer.wait_for_end();
    }});
    for (const auto& [pool, says] :
         {std::pair{&silent, "sent no mining.notify"}, std::pair{&wrong, "1 parameters"}}) {
        Miner miner;
        miner.options.retries = 0;
        miner.start(*pool);
        ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
        EXPECT_THAT(miner.gave_up->text(), HasSubstr(says));
        EXPECT_LE(std::ranges::count_if(
                      miner.said, [](const auto& line) { return line.find("not understood") != line.npos; }),
                  1);
    }
}

TEST(StratumField, AnotherProtocolIsNamedInOneLineWithTheUrl) {
    const std::string html = "<html><body>\n<h1>Bad request</h1>\n</body></html>\n";
    const Script http = [&](Peer& peer) {
        peer.read_line();
        peer.write("HTTP/1.1 400 Bad Request\r\nServer: x\r\nContent-Type: text/html\r\n\r\n" + html);
        peer.wait_for_end();
    };
    const Script tls_alert = [](Peer& peer) {
        peer.read_line();
        peer.write(std::string("\x15\x03\x01\x00\x02\x02\x46", 7));  // fatal: protocol_version, RFC 8446
        peer.wait_for_end();
    };
    const Script stratum_v2 = [](Peer& peer) {
        peer.read_bytes(64);
        std::string act2(234, '\x91');  // its second act, as random as keys are
        act2[5] = '\x03';
        act2[100] = '\n';
        peer.write(act2);
        peer.wait_for_end();
    };
    const Script json = [](Peer& peer) {
        peer.write(R"({"id":null,"error":"not JSON"})"
                   "\n");
        peer.wait_for_end();
    };
    struct Row {
        Script script;
        const char *scheme, *what, *url;
    };
    const Row rows[] = {
        {http, "stratum+tcp", "an HTTP server, not a pool", "http://127.0.0.1:"},
        {tls_alert, "stratum+tcp", "needs TLS", "stratum+ssl://127.0.0.1:"},
        {json, "stratum+ssl", "does not speak TLS", "stratum+tcp://127.0.0.1:"},
        {stratum_v2, "stratum+tcp", "as a pool of Stratum V2 does", "stratum2+tcp://127.0.0.1:"},
    };
    for (const Row& row : rows) {
        ScriptedPool pool({row.script});
        Miner miner;
        miner.options.retries = 0;
        miner.start(pool, row.scheme);
        ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); })) << row.what;
        EXPECT_THAT(miner.gave_up->text(), HasSubstr(row.what));
        EXPECT_THAT(miner.gave_up->text(), HasSubstr(row.url + std::to_string(pool.port())));
        EXPECT_TRUE(miner.said.empty());  // in one line, without noise
        EXPECT_EQ(miner.lost.size(), 1u);
    }
}

TEST(StratumField, AClockThatIsWrongByHoursIsSaidOnce) {
    const auto hours_away = [](std::int64_t hours) {
        return fmt::format("{:08x}", util::unix_time() + 3600 * hours + 60);
    };
    for (const auto& [hours, says] : {std::pair{3, "3 h ahead of this machine's clock"},
                                      {-3, "2 h behind this machine's clock"},
                                      {1, ""}}) {
        ScriptedPool pool({[&, hours = hours](Peer& peer) {
            peer.shake_hands();
            peer.line(notify_line("j1", 1, hours_away(hours)));
            peer.line(notify_line("j2", 2, hours_away(hours)));
            peer.wait_for_end();
        }});
        Miner miner;
        miner.start(pool);
        ASSERT_TRUE(miner.run_until([&] { return !miner.jobs.empty() && miner.jobs.back()->id == "j2"; }));
        const auto about_clocks =
            std::ranges::count_if(miner.said, [](const auto& l) { return l.find("clock") != l.npos; });
        EXPECT_EQ(about_clocks, *says == 0 ? 0 : 1);
        EXPECT_TRUE(*says == 0 || miner.was_told(says)) << says;
    }
}

// As a server does that wants TLS, or anything else, and is shown a line of JSON: here with a reset, since
// what we sent is not read.
TEST(StratumField, AServerThatHangsUpWithoutAWordMayWantTls) {
    ScriptedPool pool({[](Peer& peer) { peer.read_bytes(1); }});
    Miner miner;
    miner.options.retries = 0;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("hung up without an answer"));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("stratum+ssl://127.0.0.1:" + std::to_string(pool.port()) +
                                                 " where the port wants TLS"));
}

// Reads a request over HTTP.
void read_request(Peer& peer) {
    std::size_t body = 0;
    for (std::string line = peer.read_line(); line.size() > 1; line = peer.read_line())
        if (line.starts_with("Content-Length: ")) body = std::stoul(line.substr(16));
    peer.read_bytes(body);
}

TEST(StratumField, WhatAnswersAtANodesUrlIsNamedWithTheRightOne) {
    const Script alert = [](Peer& peer) {
        read_request(peer);
        peer.write(std::string("\x15\x03\x03\x00\x02\x02\x0a", 7));  // fatal: unexpected_message
    };
    const Script pool = [](Peer& peer) {
        read_request(peer);
        peer.line(R"({"id":null,"result":null,"error":[20,"not JSON",null]})");
        peer.wait_for_end();
    };
    struct Row {
        Script script;
        const char *says, *url;
    };
    const Row rows[] = {
        {alert, "this port wants TLS (expected: ", "https://"},
        {[](Peer& peer) { peer.read_bytes(1); }, "where the port wants TLS", "https://"},
        {pool, "with a line of JSON, as a pool does", "stratum+tcp://"},
    };
    for (const auto& [script, says, url] : rows) {
        ScriptedPool port({script});
        Miner miner;
        miner.options.retries = 0;
        miner.options.coinbase_addr = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
        miner.options.data_dir = ::testing::TempDir();
        const std::string place = "127.0.0.1:" + std::to_string(port.port());
        miner.source =
            make_source(*util::parse_url("http://" + place), miner.options, miner.io.get_executor()).value();
        miner.source->start(miner);
        ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
        EXPECT_THAT(miner.gave_up->text(), HasSubstr(says));
        EXPECT_THAT(miner.gave_up->text(), HasSubstr(url + place));
    }
}

TEST(StratumField, SchemesAndDecorationsAreTakenAsMeant) {
    const TestCertificate certificate;
    ScriptedPool plain({mine}), tls({mine}, &certificate);
    struct Row {
        const char* before;
        const char* after;
        bool tls;
    };
    const Row rows[] = {
        {"stratum://", "", false},
        {"tcp://", "", false},
        {"STRATUM+TCP://", "", false},
        {"", "#xnsub", false},
        {"stratum+tcp://", "/#xnsub", false},
        {"  stratum+tcp://", " \t\n", false},
        {"stratum+ssl://", "", true},
        {"stratum+tls://", "", true},
        {"stratum+tcps://", "", true},
        {"ssl://", "", true},
        {"tls://", "#xnsub", true},
    };
    for (const Row& row : rows) {
        const std::string text =
            row.before + ("127.0.0.1:" + std::to_string((row.tls ? tls : plain).port())) + row.after;
        const auto url = util::parse_url(text);
        ASSERT_TRUE(url) << text;
        Miner miner;
        miner.options.dial.tls_ca = certificate.pem_path;
        miner.options.retries = 0;
        auto made = make_source(*url, miner.options, miner.io.get_executor());
        ASSERT_TRUE(made) << text << ": " << made.error().text();
        miner.source = std::move(*made);
        miner.source->start(miner);
        EXPECT_TRUE(miner.run_until([&] { return miner.gave_up || !miner.jobs.empty(); }));
        EXPECT_FALSE(miner.gave_up) << text << ": " << miner.gave_up->text();
    }
}

}  // namespace
}  // namespace lode::source::stratum
