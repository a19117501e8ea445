#include "status/server.h"

#include <atomic>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "status/client.h"
#include "status/feed.h"

namespace lode::status {
namespace {

using lode::testing::Client;
using ::testing::HasSubstr, ::testing::StartsWith;

constexpr const char* kHost = "Host: localhost\r\n";

struct ServerTest : ::testing::Test {
    std::vector<std::function<void()>> tasks;  // of an io thread that stands still
    std::mutex mutex;
    Post post = [this](std::function<void()> task) {
        const std::scoped_lock lock(mutex);
        tasks.push_back(std::move(task));
    };
    Engine engine{post, {}};
    std::unique_ptr<Server> server;
    std::uint16_t port = 0;

    void SetUp() override {
        auto opened = Server::open({"0", "correct-horse-battery", false}, engine, post, {});
        ASSERT_TRUE(opened) << opened.error().text();
        server = std::move(*opened);
        const std::string url = server->url();
        port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    }
    std::string ask(const std::string& bytes) {
        Client client(port);
        client.send(bytes);
        return client.read_to_end();
    }
};

TEST_F(ServerTest, KeepsTheConnectionAndCloses) {
    Client client(port);
    for (int i = 0; i < 3; ++i)
        client.send(std::string("GET /healthz HTTP/1.1\r\n") + kHost + "\r\n");  // pipelined
    client.send(std::string("HEAD /metrics HTTP/1.1\r\n") + kHost + "Connection: close\r\n\r\n");
    const std::string answers = client.read_to_end();
    EXPECT_TRUE(client.closed());
    std::size_t oks = 0;
    for (auto at = answers.find("200 OK"); at != std::string::npos; at = answers.find("200 OK", at + 1))
        ++oks;
    EXPECT_EQ(oks, 4u) << answers;
    EXPECT_TRUE(answers.ends_with("\r\n\r\n")) << "HEAD has no body";
    EXPECT_THAT(answers, HasSubstr("X-Content-Type-Options: nosniff"));
    EXPECT_EQ(answers.find("Access-Control"), std::string::npos);
}

// HAProxy's check of health names no host, and a forward proxy passes the whole URL on.
TEST_F(ServerTest, OldAndAbsoluteRequests) {
    EXPECT_THAT(ask("GET /healthz HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(ask("GET /healthz HTTP/1.0\r\nHost: evil.example\r\n\r\n"), StartsWith("HTTP/1.1 421"));
    const std::string rest = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for (const char* target : {"http://localhost/healthz", "http://127.0.0.1:8080/healthz?x=1",
                               "http://localhost", "http://localhost?x=1"})
        EXPECT_THAT(ask(std::string("GET ") + target + rest), StartsWith("HTTP/1.1 200")) << target;
    EXPECT_THAT(ask("GET http://evil.example/healthz" + rest), StartsWith("HTTP/1.1 421"));
    EXPECT_THAT(ask("GET http://" + rest), StartsWith("HTTP/1.1 400"));
}

struct Wrong {
    const char* bytes;
    const char* answer;
};

TEST_F(ServerTest, InvalidRequests) {
    const std::string long_header = "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n";
    const std::string long_target = "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n\r\n";
    for (const auto& [bytes, answer] : std::initializer_list<Wrong>{
             {"hello\r\n\r\n", "HTTP/1.1 400"},
             {"GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 400"},
             {"GET /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},  // no Host
             {"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 421"},
             {"{\"command\":\"summary\"}\r\n", "HTTP/1.1 400"},
             {"POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n",
              "HTTP/1.1 413"},
             {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400"},
             {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
              "HTTP/1.1 413"},
             {long_header.c_str(), "HTTP/1.1 431"},
             {long_target.c_str(), "HTTP/1.1 431"},
         }) {
        Client client(port);
        client.send(bytes);
        EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith(answer)) << std::string(bytes).substr(0, 80);
    }
    EXPECT_THAT(ask(std::string("GET /healthz HTTP/1.1\r\n") + kHost + "Connection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, TooManyConnections) {
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 300; ++i) idle.push_back(std::make_unique<Client>(port));
    EXPECT_TRUE(idle.back()->read_to_end().empty());
    EXPECT_TRUE(idle.back()->closed());
    idle.clear();
    // Once they have left, others are served.
    std::string answer;
    for (int i = 0; i < 50 && answer.empty(); ++i)
        answer = ask(std::string("GET /healthz HTTP/1.1\r\n") + kHost + "Connection: close\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, EventsAreTheObjectsOfFormatJson) {
    Client client(port);
    client.send(std::string("GET /api/v1/events HTTP/1.1\r\n") + kHost + "\r\n");
    EXPECT_THAT(client.read_until("retry: 2000\n\n"), HasSubstr("Content-Type: text/event-stream\r\n"));
    engine.report(event::Message{event::Severity::Info, "for people"});
    engine.report(event::SourceSwitched{"a", "b", false});
    const std::string expected =
        "retry: 2000\n\ndata: {\"event\":\"source\",\"source\":\"b\",\"state\":\"switched\",\"from\":\"a\","
        "\"back\":false,\"asked\":false}\n\n";
    EXPECT_THAT(client.read_until("}\n\n"), HasSubstr(expected));
}

TEST_F(ServerTest, SlowEventReadersAreDropped) {
    Client lazy(port);
    lazy.send(std::string("GET /api/v1/events HTTP/1.1\r\n") + kHost + "\r\n");
    lazy.read_until("retry");
    // More than the kernel's buffers and kMaxQueued hold.
    const std::string name(60'000, 'x');
    for (int i = 0; i < 400; ++i) engine.report(event::SourceSwitched{name, name, false});
    Client other(port);
    other.send(std::string("GET /healthz HTTP/1.1\r\n") + kHost + "\r\n");
    EXPECT_THAT(other.read_until("ok"), HasSubstr("200 OK"));
    lazy.read_to_end();
    EXPECT_TRUE(lazy.closed());
}

TEST_F(ServerTest, ABusyPortIsAnError) {
    const auto taken = Server::open({std::to_string(port), "", false}, engine, post, {});
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().kind, ErrorKind::Usage);
}

TEST(ServerOptions, APublicAddressNeedsATokenOrPermission) {
    Engine engine([](auto) {}, {});
    EXPECT_FALSE(Server::open({"0.0.0.0:0", "", false}, engine, [](auto) {}, {}));
    EXPECT_TRUE(Server::open({"0.0.0.0:0", "", true}, engine, [](auto) {}, {}));
}

TEST(Feed, DropsEventsBeyondItsLimit) {
    std::vector<std::function<void()>> tasks;
    int taken = 0;
    Feed feed([&](auto task) { tasks.push_back(std::move(task)); }, [&](const Event&, auto) { ++taken; });
    for (std::uint64_t i = 0; i < Feed::kMaxPending + 5; ++i) feed.on(event::Message{});
    EXPECT_EQ(feed.dropped(), 5u);
    for (const auto& task : tasks) task();
    EXPECT_EQ(taken, static_cast<int>(Feed::kMaxPending));
    feed.on(event::Message{});
    EXPECT_EQ(feed.dropped(), 5u);
}

}  // namespace
}  // namespace lode::status
