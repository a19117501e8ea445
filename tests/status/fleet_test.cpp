#include "status/fleet.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "net/listener.h"
#include "status/client.h"
#include "status/server.h"

namespace lode::status {
namespace {

using lode::testing::Client;
using namespace std::chrono_literals;

TEST(FleetReport, FromAHostileStatus) {
    EXPECT_FALSE(parse_report(""));
    EXPECT_FALSE(parse_report("[]"));
    EXPECT_FALSE(parse_report(std::string(500'000, '[')));
    const auto report =
        parse_report(R"({"hashrate": {"60s": "fast", "10s": 1e999, "expected": -5}, "version": "\u001b[2J",
        "shares": 7, "devices": [3, {"power_w": 1e300}, {"power_w": 20, "temperature_c": 50}, {"power_w": 30, "temperature_c": 40}],
        "blocks_found": -1, "best_difficulty": null, "ready": 1, "source": {"source": ["x"]}})");
    ASSERT_FALSE(report) << "1e999 is no JSON number that fits";
    const auto other =
        parse_report(R"({"hashrate": {"60s": "fast", "10s": 1e99, "expected": -5}, "version": "\u001b[2J",
        "shares": 7, "devices": [3, {"power_w": 1e300}, {"power_w": 20, "temperature_c": 50}, {"power_w": 30, "temperature_c": 40}],
        "blocks_found": -1, "best_difficulty": null, "ready": 1, "source": {"source": ["x"]}})");
    ASSERT_TRUE(other);
    EXPECT_EQ(other->hashrate, std::nullopt);
    EXPECT_EQ(other->expected, std::nullopt);
    EXPECT_EQ(other->version, "?[2J");
    EXPECT_EQ(other->power_w, 50);
    EXPECT_EQ(other->temperature_c, 50);
    EXPECT_EQ(other->blocks_found, 0u);
    EXPECT_FALSE(other->ready);
}

// A server on its own thread that sends what it is told and closes nothing.
class Stranger {
 public:
    explicit Stranger(std::string answer) : answer_(std::move(answer)) {
        util::Url any;
        any.host = "127.0.0.1";
        EXPECT_TRUE(listener_.listen(any));
        thread_ = std::thread([this] { io_.run(); });
    }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    ~Stranger() {
        io_.stop();
        thread_.join();
    }
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(listener_.port()); }

 private:
    std::string answer_;
    boost::asio::io_context io_;
    std::vector<boost::asio::ip::tcp::socket> sockets_;
    net::Listener listener_{io_.get_executor(), [this](boost::asio::ip::tcp::socket socket) {
                                boost::system::error_code ignored;
                                socket.send(boost::asio::buffer(answer_), 0, ignored);
                                sockets_.push_back(std::move(socket));
                            }};
    std::thread thread_;
};

struct FleetTest : ::testing::Test {
    Post post = [](std::function<void()>) {};
    Engine engine{post, {}};
    std::filesystem::path file =
        std::filesystem::path(::testing::TempDir()) / ("lode_fleet_" + std::to_string(getpid()));

    void TearDown() override { std::filesystem::remove(file); }
    std::unique_ptr<Server> open(const std::string& listen, const std::string& token,
                                 const std::string& fleet) {
        std::ofstream(file) << fleet;
        auto server =
            Server::open({listen, token, false, fleet.empty() ? "" : file.string()}, engine, post, {});
        if (!server) throw std::runtime_error(server.error().text());
        return std::move(*server);
    }
    static std::string port_of(const Server& server) {  // ":8080"
        const std::string url = server.url();
        const auto colon = url.rfind(':');
        return url.substr(colon, url.size() - 1 - colon);
    }
    // Asked until no machine is still being asked.
    static nlohmann::json machines_of(const Server& server) {
        const auto port = static_cast<std::uint16_t>(std::stoi(port_of(server).substr(1)));
        for (int i = 0; i < 100; ++i) {
            Client client(port);
            client.send("GET /api/v1/fleet HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            const std::string answer = client.read_to_end();
            auto machines = nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4))["machines"];
            bool all = true;
            for (const auto& m : machines) all = all && (!m["report"].is_null() || !m["error"].is_null());
            if (all) return machines;
            std::this_thread::sleep_for(100ms);
        }
        return {};
    }
};

TEST_F(FleetTest, ShowsOtherMachinesAndTheirErrors) {
    const auto good = open("127.0.0.1:0", "correct-horse-battery", "");
    const auto closed = open("0.0.0.0:0", "correct-horse-battery", "");  // reading takes the token
    const std::string locked = "127.0.0.1" + port_of(*closed);
    const Stranger no_http("SSH-2.0-OpenSSH\r\n\r\n");
    const Stranger no_lode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    const Stranger redirects(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    const Stranger endless("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    const auto server =
        open("0", "",
             good->url() + "\n" + locked + " correct-horse-battery\n127.0.0.1:1\n" + no_http.address() +
                 "\n" + no_lode.address() + "\n" + redirects.address() + "\n" + endless.address() + "\n");
    const auto machines = machines_of(*server);
    ASSERT_EQ(machines.size(), 8u);
    EXPECT_EQ(machines[0]["url"], nullptr);
    EXPECT_EQ(machines[0]["report"]["ready"], false);
    EXPECT_EQ(machines[1]["error"], nullptr) << machines[1];
    EXPECT_EQ(machines[1]["report"]["accepted"], 0);
    EXPECT_EQ(machines[2]["error"], nullptr) << machines[2];
    EXPECT_EQ(machines[2].dump().find("correct-horse"), std::string::npos);
    const auto error = [&](std::size_t i) { return machines[i]["error"].get<std::string>(); };
    EXPECT_NE(error(3).find("refused"), std::string::npos) << error(3);
    EXPECT_NE(error(4), "");
    EXPECT_NE(error(5).find("not a lode's status"), std::string::npos) << error(5);
    EXPECT_NE(error(6).find("HTTP status 302"), std::string::npos) << error(6);
    EXPECT_NE(error(7).find("too large"), std::string::npos) << error(7);
}

TEST_F(FleetTest, AWrongTokenIsAnError) {
    const auto closed = open("0.0.0.0:0", "correct-horse-battery", "");
    const auto server = open("0", "", "127.0.0.1" + port_of(*closed) + " wrong-horse\n");
    EXPECT_NE(machines_of(*server)[1]["error"].get<std::string>().find("wants another token"),
              std::string::npos);
}

TEST_F(FleetTest, ABadFileIsAnErrorAtTheStart) {
    std::ofstream(file) << "http://";
    const auto server = Server::open({"0", "", false, file.string()}, engine, post, {});
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().kind, ErrorKind::Usage);
    EXPECT_NE(server.error().text().find("fleet file"), std::string::npos) << server.error().text();
}

}  // namespace
}  // namespace lode::status
