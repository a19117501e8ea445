// With a proxy, peers are only connected to through it.
#include <array>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "p2p/node.h"
#include "tests/p2p/mined.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using test::branch;
using test::regtest;
using test::Toy;
using testing::HasSubstr;
using tcp = boost::asio::ip::tcp;

// A SOCKS5 server (RFC 1928) on loopback that connects every request to `target`, whatever it names.
class Proxy {
 public:
    Proxy(boost::asio::io_context& io, std::uint16_t target) : io_(io), target_(target) { accept(); }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    std::vector<std::string> requests;  // as sent: 05 01 00, type and address, port

 private:
    struct Tunnel {
        explicit Tunnel(tcp::socket socket) : client(std::move(socket)), server(client.get_executor()) {}
        tcp::socket client, server;
        std::array<char, 512> head{};
        std::array<char, 1 << 16> up{}, down{};
    };
    using Pointer = std::shared_ptr<Tunnel>;

    void accept() {
        acceptor_.async_accept([this](auto error, tcp::socket socket) {
            if (error) return;
            greet(std::make_shared<Tunnel>(std::move(socket)));
            accept();
        });
    }
    void greet(const Pointer& t) {
        boost::asio::async_read(t->client, boost::asio::buffer(t->head, 3), [this, t](auto error, auto) {
            if (error) return;
            boost::asio::write(t->client, boost::asio::buffer("\x05\x00", 2));
            t->client.async_read_some(boost::asio::buffer(t->head), [this, t](auto failed, std::size_t size) {
                if (failed) return;
                requests.emplace_back(t->head.data(), size);
                t->server.connect({boost::asio::ip::make_address("127.0.0.1"), target_});
                boost::asio::write(t->client,
                                   boost::asio::buffer("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00", 10));
                pump(t, t->client, t->server, t->up);
                pump(t, t->server, t->client, t->down);
            });
        });
    }
    void pump(const Pointer& t, tcp::socket& from, tcp::socket& to, std::array<char, 1 << 16>& buffer) {
        from.async_read_some(boost::asio::buffer(buffer),
                             [this, t, &from, &to, &buffer](auto error, std::size_t n) {
                                 boost::system::error_code broken;
                                 if (!error) boost::asio::write(to, boost::asio::buffer(buffer, n), broken);
                                 if (!error && !broken) return pump(t, from, to, buffer);
                                 to.close(broken);
                             });
    }

    boost::asio::io_context& io_;
    std::uint16_t target_;
    tcp::acceptor acceptor_{io_, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)};
};

class ProxyTest : public testing::Test {
 protected:
    template <typename Done>
    bool until(Done done) {
        for (int i = 0; i < 1000 && !done(); ++i) {
            io.restart();
            io.run_for(10ms);
        }
        return done();
    }
    void start(const std::vector<std::string>& peers, const std::string& proxy) {
        DialOptions dial;
        dial.proxy = proxy;
        auto settings = node_settings(regtest(), peers, "", dial);
        ASSERT_TRUE(settings) << settings.error().text();
        settings->first_pause = 50ms;
        node.emplace(io.get_executor(), chain, *settings,
                     [this](auto, const std::string& text) { log.push_back(text); });
        ASSERT_TRUE(node->start());
    }
    boost::asio::io_context io;
    Toy chain;
    std::vector<std::string> log;
    std::optional<Node> node;
};

// .invalid never resolves (RFC 6761): a name that was looked up here would not be found.
TEST_F(ProxyTest, PeersAreReachedThroughItAndTheirNamesResolvedThere) {
    Toy theirs(true);
    theirs.grow(branch(regtest().genesis_hash, 5));
    NodeSettings settings = node_settings(regtest(), {}, "", {}).value();
    settings.listen.emplace().host = "127.0.0.1";  // any port
    Node server(io.get_executor(), theirs, settings, [](auto, auto) {});
    ASSERT_TRUE(server.start());
    Proxy proxy(io, server.port());
    start({"peer.invalid:1234"}, "socks5://127.0.0.1:" + std::to_string(proxy.port()));
    ASSERT_TRUE(until([&] { return node->status().synced == 1; }));
    EXPECT_EQ(chain.tip_hash(), theirs.tip_hash());
    ASSERT_EQ(proxy.requests.size(), 1u);
    EXPECT_EQ(proxy.requests[0], std::string("\x05\x01\x00\x03\x0cpeer.invalid\x04\xd2", 19));
}

// A peer that could be reached directly is not, where the proxy is down.
TEST_F(ProxyTest, WithoutItNothingIsConnectedTo) {
    tcp::acceptor peer(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
    bool connected = false;
    peer.async_accept([&](auto error, const tcp::socket&) { connected = !error; });
    tcp::acceptor down(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
    const auto port = down.local_endpoint().port();
    down.close();
    start({"127.0.0.1:" + std::to_string(peer.local_endpoint().port())},
          "socks5://127.0.0.1:" + std::to_string(port));
    EXPECT_TRUE(until([&] { return node->status().unreachable == 1; }));
    EXPECT_THAT(node->status().last_error,
                HasSubstr("connecting to proxy 127.0.0.1:" + std::to_string(port) + ": Connection refused"));
    EXPECT_FALSE(connected);
}

}  // namespace
}  // namespace lode::p2p
