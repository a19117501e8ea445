// The source over real sockets, against scripted servers on loopback.
#include <atomic>

#include "source/stratum_miner.h"

namespace lode::source::stratum {
namespace {

TEST(StratumSource, MinesAndSubmits) {
    ScriptedPool pool({[](Peer& peer) {
        peer.shake_hands();
        peer.line(notify_line("j1"));
        peer.line(R"({"id":)" + testing::id_of(peer.expect("mining.submit")) +
                  R"(,"result":true,"error":null})");
        peer.line(R"({"id":)" + testing::id_of(peer.expect("mining.submit")) +
                  R"(,"result":false,"error":[21,"Job not found"]})");
        peer.wait_for_end();
    }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    miner.submit(miner.jobs[0]);
    EXPECT_TRUE(miner.outcomes.empty());  // never from within
    miner.submit(miner.jobs[0]);
    ASSERT_TRUE(miner.run_until([&] { return miner.outcomes.size() == 2; }));
    EXPECT_EQ(miner.outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_EQ(miner.outcomes[1].reason, "Job not found (21)");
}

// An answer makes room for the next share, and the job that comes with it makes that one stale.
TEST(StratumSource, NoShareOfAnOlderJobFollowsACleanOne) {
    std::atomic<int> old = 0;
    std::atomic<bool> fresh = false;
    ScriptedPool pool({[&](Peer& peer) {
        peer.shake_hands();
        peer.line(notify_line("j1"));
        std::string first = peer.expect("mining.submit");
        for (int i = 1; i < 8; ++i) peer.expect("mining.submit");
        peer.write(R"({"id":)" + testing::id_of(first) + R"(,"result":true,"error":null})" + "\n" +
                   notify_line("j2", 2) + "\n");
        for (std::string line = peer.read_line(); !line.empty(); line = peer.read_line())
            if (line.find(R"("j2")") == std::string::npos) {
                ++old;
            } else {
                fresh = true;
            }
    }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    for (int i = 0; i < 20; ++i) miner.submit(miner.jobs[0]);
    ASSERT_TRUE(miner.run_until([&] { return miner.outcomes.size() == 13; }));
    EXPECT_EQ(miner.jobs.size(), 2u);
    miner.submit(miner.jobs[0]);
    miner.submit(miner.jobs[1]);
    // 12 that waited and one that came later are stale
    EXPECT_TRUE(miner.run_until([&] { return fresh && miner.outcomes.size() == 14; }));
    EXPECT_EQ(old, 0);
}

TEST(StratumSource, LinesInPiecesAndManyAtOnce) {
    ScriptedPool pool({[](Peer& peer) {
        peer.shake_hands();
        const std::string line = notify_line("j1") + "\r\n" + notify_line("j2", 2) + "\n\n";
        for (const char c : line) {
            peer.write(std::string(1, c));
            if (c == '"') std::this_thread::sleep_for(1ms);
        }
        std::this_thread::sleep_for(60ms);
        std::string flood;
        for (int i = 0; i < 2000; ++i) flood += notify_line("f" + std::to_string(i), 3, "6b009f26") + "\n";
        peer.write(flood);
        peer.wait_for_end();
    }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return !miner.jobs.empty() && miner.jobs.back()->id == "f1999"; }));
    EXPECT_LT(miner.jobs.size(), 60u);
}

TEST(StratumSource, ReconnectsAfterADisconnect) {
    ScriptedPool pool(
        {[](Peer& peer) {
             peer.shake_hands();
             peer.line(notify_line("j1"));
             peer.expect("mining.submit");
         },
         [](Peer& peer) {
             peer.line(R"({"id":)" + testing::id_of(peer.expect("mining.configure")) + R"(,"result":null})");
             const std::string subscribe = peer.expect("mining.subscribe");
             const bool resumed = subscribe.find(R"("s1")") != std::string::npos;
             peer.line(R"({"id":)" + testing::id_of(subscribe) + R"(,"result":[null,")" +
                       (resumed ? "cc" : "dd") + R"(",4]})");
             peer.line(R"({"id":)" + testing::id_of(peer.expect("mining.authorize")) + R"(,"result":true})");
             peer.line(notify_line("j2"));
             peer.wait_for_end();
         }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    miner.submit(miner.jobs[0]);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 2; }));
    EXPECT_EQ(miner.withdrawn, 1);
    ASSERT_EQ(miner.outcomes.size(), 1u);
    EXPECT_EQ(miner.outcomes[0].status, Outcome::Status::Unknown);
    EXPECT_EQ(miner.jobs[1]->extranonce1, (std::vector<std::uint8_t>{0xcc}));  // asked for the same session
    miner.submit(miner.jobs[0]);
    ASSERT_TRUE(miner.run_until([&] { return miner.outcomes.size() == 2; }));
    EXPECT_EQ(miner.outcomes[1].status, Outcome::Status::Stale);
}

TEST(StratumSource, APoolThatDisconnectsOnConfigure) {
    ScriptedPool pool({[](Peer& peer) { peer.expect("mining.configure"); },
                       [](Peer& peer) {
                           const std::string subscribe = peer.read_line();
                           if (subscribe.find("mining.subscribe") == std::string::npos) return;
                           peer.line(R"({"id":)" + testing::id_of(subscribe) + R"(,"result":[null,"cc",4]})");
                           peer.line(R"({"id":)" + testing::id_of(peer.expect("mining.authorize")) +
                                     R"(,"result":true})");
                           peer.line(notify_line("j1"));
                           peer.wait_for_end();
                       }});
    Miner miner;
    miner.start(pool);
    EXPECT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    EXPECT_EQ(pool.connections(), 2);
}

TEST(StratumSource, GivesUpAfterTheRetries) {
    ScriptedPool pool({[](Peer& peer) { peer.wait_for_end(); }});  // takes connections, says nothing
    Miner miner;
    miner.options.retries = 1;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_EQ(miner.gave_up->kind, ErrorKind::Unreachable);
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("no answer to mining.subscribe"));
    EXPECT_EQ(pool.connections(), 2);
    EXPECT_EQ(miner.withdrawn, 0);
}

TEST(StratumSource, ConnectionRefused) {
    unsigned short port = 0;
    { port = ScriptedPool({mine}).port(); }
    Miner miner;
    miner.options.retries = 2;
    miner.start("127.0.0.1:" + std::to_string(port));
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("refused"));
}

TEST(StratumSource, ALineWithoutEndIsCutOff) {
    ScriptedPool pool({[](Peer& peer) {
                           peer.shake_hands();
                           for (int i = 0; i < 100; ++i) peer.write(std::string(1 << 20, 'a'));  // 100 MB
                       },
                       mine});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    ASSERT_EQ(miner.lost.size(), 1u);
    EXPECT_THAT(miner.lost[0].error.text(), HasSubstr("a line without end"));
}

TEST(StratumSource, TlsByCaFingerprintOrNotAtAll) {
    const TestCertificate certificate, other;
    ScriptedPool pool({mine}, &certificate);
    struct Row {
        const char* name;
        std::string ca, fingerprint;
        bool insecure;
        const char* error;  // empty: works
    };
    const Row rows[] = {
        {"verified by default", "", "", false, "certificate not accepted"},
        {"its own CA", certificate.pem_path, "", false, ""},
        {"another CA", other.pem_path, "", false, "certificate not accepted"},
        {"its fingerprint", "", certificate.fingerprint, false, ""},
        {"another fingerprint", "", other.fingerprint, false, "certificate with fingerprint"},
        {"right CA, wrong fingerprint", certificate.pem_path, other.fingerprint, false,
         "certificate with fingerprint"},
        {"wrong CA, right fingerprint", other.pem_path, certificate.fingerprint, false,
         "certificate not accepted"},
        {"insecure", "", "", true, ""},
        {"insecure, but a fingerprint", "", other.fingerprint, true, "certificate with fingerprint"},
    };
    for (const Row& row : rows) {
        Miner miner;
        miner.options.retries = 0;
        miner.options.dial.tls_ca = row.ca;
        miner.options.dial.tls_fingerprint = row.fingerprint;
        miner.options.dial.tls_insecure = row.insecure;
        miner.start(pool, "stratum+ssl");
        ASSERT_TRUE(miner.run_until([&] { return miner.gave_up || !miner.jobs.empty(); })) << row.name;
        EXPECT_EQ(miner.gave_up.has_value(), *row.error != '\0') << row.name;
        if (miner.gave_up) {
            EXPECT_THAT(miner.gave_up->text(), HasSubstr(row.error)) << row.name;
        }
        const bool warned =
            !miner.said.empty() && miner.said[0].find("the certificate is not verified") != std::string::npos;
        EXPECT_EQ(warned, row.insecure && row.fingerprint.empty()) << row.name;
    }
}

TEST(StratumSource, TlsNameMustMatch) {
    const TestCertificate certificate;  // for localhost and 127.0.0.1
    ScriptedPool pool({mine}, &certificate);
    const std::string port = std::to_string(pool.port());
    for (const auto& [host, works] : {std::pair{"localhost", true}, std::pair{"127.0.0.2", false}}) {
        Miner miner;
        miner.options.retries = 0;
        miner.options.dial.tls_ca = certificate.pem_path;
        miner.start(std::string("stratum+ssl://") + host + ":" + port);
        ASSERT_TRUE(miner.run_until([&] { return miner.gave_up || !miner.jobs.empty(); })) << host;
        EXPECT_EQ(!miner.jobs.empty(), works) << host << (miner.gave_up ? miner.gave_up->text() : "");
    }
}

TEST(StratumSource, TlsToAPlainServer) {
    ScriptedPool pool({[](Peer& peer) {
        peer.write("hello, this is no TLS\n");
        peer.wait_for_end();
    }});
    Miner miner;
    miner.options.retries = 0;
    miner.start(pool, "stratum+ssl");
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("TLS"));
}

// The scripted server plays the proxy, and then the pool behind it.
TEST(StratumSource, ThroughSocks5WithNamesResolvedByTheProxy) {
    std::string request;
    ScriptedPool proxy({[&](Peer& peer) {
        peer.read_bytes(4);  // 05 02 00 02
        peer.write("\x05\x02");
        peer.read_bytes(2 + 5 + 1 + 6);  // user:secret
        peer.write(std::string("\x01\x00", 2));
        request = peer.read_bytes(4 + 1 + 12 + 2);
        peer.write(std::string("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00", 10));
        mine(peer);
    }});
    Miner miner;
    miner.options.dial.proxy = "socks5://user1:secret@127.0.0.1:" + std::to_string(proxy.port());
    miner.start("stratum+tcp://pool.invalid:3333");
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    miner.source.reset();
    EXPECT_EQ(request.substr(0, 17), std::string("\x05\x01\x00\x03\x0cpool.invalid", 17));
}

TEST(StratumSource, Socks5RefusalsAreNamed) {
    struct Row {
        Script proxy;
        const char* says;
    };
    const Row rows[] = {
        {[](Peer& peer) {
             peer.read_bytes(3);
             peer.write("\x05\xff");
         },
         "requires a user and password"},
        {[](Peer& peer) {
             peer.read_bytes(3);
             peer.write(std::string("\x05\x00", 2));
             peer.read_bytes(10);
             peer.write(std::string("\x05\x05\x00\x01\x00", 5));
         },
         "connection refused (5)"},
        {[](Peer& peer) { peer.read_bytes(3); }, "End of file"},
    };
    for (const Row& row : rows) {
        ScriptedPool proxy({row.proxy});
        Miner miner;
        miner.options.retries = 0;
        miner.options.dial.proxy = "socks5://127.0.0.1:" + std::to_string(proxy.port());
        miner.start("stratum+tcp://pool.invalid:3333");
        ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); })) << row.says;
        EXPECT_THAT(miner.gave_up->text(), HasSubstr(row.says));
    }
}

TEST(StratumSource, UsageErrors) {
    boost::asio::io_context io;
    struct Row {
        const char* url;
        std::function<void(SourceOptions&)> adjust;
        const char* says;
    };
    const Row rows[] = {
        {"stratum+tcp://pool", {}, "no port"},
        {"pool:1", [](SourceOptions& options) { options.user.clear(); }, "no user"},
        {"pool:1", [](SourceOptions& options) { options.dial.proxy = "http://h:1"; }, "socks5://"},
        {"stratum+ssl://pool:1", [](SourceOptions& options) { options.dial.tls_ca = "/no/such/file"; },
         "CA file"},
        {"stratum+ssl://pool:1", [](SourceOptions& options) { options.dial.tls_fingerprint = "abc"; },
         "fingerprint"},
    };
    for (const Row& row : rows) {
        SourceOptions options;
        options.user = "bob";
        if (row.adjust) row.adjust(options);
        const auto made = make_stratum_source(*util::parse_url(row.url), options, io.get_executor());
        ASSERT_FALSE(made) << row.says;
        EXPECT_EQ(made.error().kind, ErrorKind::Usage);
        EXPECT_THAT(made.error().text(), HasSubstr(row.says));
    }
}

}  // namespace
}  // namespace lode::source::stratum
