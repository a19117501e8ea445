// The server on a socket of loopback, with clients of every kind.
#include "cgminer_api/server.h"

#include <future>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cgminer_api/sample_view.h"

namespace lode::cgminer_api {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;

struct ServerFixture : ::testing::Test {
    std::promise<void> quit;
    std::unique_ptr<Server> server;
    asio::io_context io;

    Result<std::unique_ptr<Server>> open(Options options) {
        return Server::open(options, {.pools = {{"local", {}, {}, 0}},
                                      .snapshot = [] { return sample_view().snapshot; },
                                      .quit = [this] { quit.set_value(); },
                                      .restart = [] {},
                                      .switch_to = [](std::size_t) {}});
    }
    // On a free port.
    void start(const std::string& allow = {}) {
        tcp::acceptor probe(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        const std::string port = std::to_string(probe.local_endpoint().port());
        probe.close();
        auto opened = open({.listen = port, .allow = allow, .groups = {}});
        ASSERT_TRUE(opened) << opened.error().text();
        server = std::move(*opened);
    }
    tcp::socket connect() {
        tcp::socket socket(io);
        socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), server->port()));
        return socket;
    }
    // What comes until the server closes.
    static std::string rest(tcp::socket& socket) {
        std::string bytes;
        boost::system::error_code error;
        asio::read(socket, asio::dynamic_buffer(bytes), error);
        return bytes;
    }
    std::string ask(const std::string& request) {
        tcp::socket socket = connect();
        asio::write(socket, asio::buffer(request));
        return rest(socket);
    }
};

TEST_F(ServerFixture, AnswersAndCloses) {
    start();
    std::string bytes = ask(R"({"command":"summary"})");
    ASSERT_FALSE(bytes.empty());
    EXPECT_EQ(bytes.back(), '\0');
    bytes.pop_back();
    EXPECT_EQ(nlohmann::json::parse(bytes)["SUMMARY"][0]["Hardware Errors"], 30);
    EXPECT_EQ(ask("version\n").substr(0, 8), "STATUS=S");
}

// Neither form has an end of its own: text without a newline, and JSON that never becomes whole.
TEST_F(ServerFixture, AnswersAfterAPause) {
    start();
    EXPECT_EQ(ask("version").substr(0, 8), "STATUS=S");
    EXPECT_NE(ask(R"({"command":)").find("Invalid JSON"), std::string::npos);
}

TEST_F(ServerFixture, ARequestMayArriveInPieces) {
    start();
    tcp::socket socket = connect();
    for (const char* part : {R"({"comm)", R"(and":"ver)", R"(sion"})"}) {
        asio::write(socket, asio::buffer(std::string(part)));
        std::this_thread::sleep_for(5ms);
    }
    EXPECT_NE(rest(socket).find("CGMiner versions"), std::string::npos);
}

TEST_F(ServerFixture, OversizedRequestsAreCut) {
    start();
    tcp::socket socket = connect();
    boost::system::error_code ignored;
    asio::write(socket, asio::buffer(std::string(1 << 20, 'x')), ignored);
    EXPECT_NE(rest(socket).find("Invalid command"), std::string::npos);
}

TEST_F(ServerFixture, QuitHappensAfterItsAnswer) {
    start("W:127.0.0.1");
    EXPECT_EQ(ask("quit").substr(0, 3), "BYE");
    EXPECT_EQ(quit.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(ServerFixture, ClientsNotOnTheListAreDisconnected) {
    start("W:10.0.0.1");
    EXPECT_EQ(ask("version\n"), "");
}

TEST_F(ServerFixture, ConnectionsAreBounded) {
    start();
    std::vector<tcp::socket> idle;
    for (int i = 0; i < 64; ++i) idle.push_back(connect());
    EXPECT_EQ(ask("version\n"), "");  // one too many
    idle.clear();
    std::string bytes;
    for (int i = 0; i < 500 && bytes.empty(); ++i) {
        bytes = ask("version\n");
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(bytes.substr(0, 8), "STATUS=S");
}

// Whoever says nothing is let go: the server's own time, not this test's, ends the connection.
TEST_F(ServerFixture, SilentClientsAreDisconnected) {
    start();
    tcp::socket silent = connect();
    EXPECT_EQ(rest(silent), "");
}

TEST_F(ServerFixture, ABusyPortIsAnError) {
    start();
    const auto second = open({.listen = std::to_string(server->port()), .allow = {}, .groups = {}});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::Usage);
    EXPECT_NE(second.error().text().find("Address already in use"), std::string::npos)
        << second.error().text();
}

TEST_F(ServerFixture, WrongOptionsAreErrors) {
    EXPECT_FALSE(open({.listen = "127.0.0.1:99999", .allow = {}, .groups = {}}));
    EXPECT_FALSE(open({.listen = "1", .allow = "W:x", .groups = {}}));
}

}  // namespace
}  // namespace lode::cgminer_api
