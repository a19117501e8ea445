#include "p2p/node.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/p2p/mined.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using test::branch;
using test::kTime;
using test::regtest;
using test::Toy;
using testing::Contains;
using testing::HasSubstr;
using tcp = boost::asio::ip::tcp;

// A node on loopback with a toy chain of whole blocks, all on one io thread.
struct Running {
    Running(boost::asio::io_context& io, std::vector<std::uint16_t> peers, bool listen = true,
            std::uint16_t at = 0) {
        NodeSettings settings;
        settings.magic = regtest().magic;
        settings.timing = Timing::fast();
        settings.first_pause = 50ms;
        settings.longest_pause = 200ms;
        if (listen) {
            settings.listen.emplace();
            settings.listen->host = "127.0.0.1";
            settings.listen->port = at;  // 0: any
        }
        for (const auto port : peers) {
            util::Url url;
            url.host = "127.0.0.1";
            url.port = port;
            settings.peers.push_back(url);
        }
        node.emplace(io.get_executor(), chain, settings,
                     [this](auto, const std::string& text) { log.push_back(text); });
        const auto started = node->start();
        EXPECT_TRUE(started) << started.error().text();
    }
    void find(const std::vector<BlockHeader>& headers) {
        chain.grow(headers);
        node->announce(headers);
    }
    Toy chain{true};
    std::vector<std::string> log;
    std::optional<Node> node;
};

struct NodeTest : testing::Test {
    template <typename Done>
    bool until(Done done) {
        for (int i = 0; i < 1000 && !done(); ++i) {
            io.restart();
            io.run_for(10ms);
        }
        return done();
    }
    boost::asio::io_context io;
};

TEST_F(NodeTest, BlocksTravelThroughTheOneInTheMiddle) {
    Running middle(io, {}), left(io, {middle.node->port()}, false), right(io, {middle.node->port()}, false);
    left.chain.grow(branch(regtest().genesis_hash, 30));
    EXPECT_TRUE(until([&] { return right.node->status().synced == 1 && left.node->status().synced == 1; }));
    middle.node->request_headers();  // it has not been told: left had its blocks before it came
    EXPECT_TRUE(until([&] { return middle.chain.tip_hash() == left.chain.tip_hash(); }));
    const auto found = branch(left.chain.tip_hash(), 1, 0, kTime);
    left.find(found);
    EXPECT_TRUE(until([&] { return middle.chain.tip_hash() == found[0].hash(); }));
}

TEST_F(NodeTest, APeerThatComesBackIsFound) {
    std::optional<Running> server(std::in_place, io, std::vector<std::uint16_t>{});
    const auto port = server->node->port();
    Running client(io, {port}, false);
    EXPECT_TRUE(until([&] { return client.node->status().synced == 1; }));
    server.reset();
    EXPECT_TRUE(until([&] { return client.node->status().unreachable == 1; }));
    EXPECT_THAT(client.node->status().last_error, HasSubstr("Connection refused"));
    server.emplace(io, std::vector<std::uint16_t>{}, true, port);
    server->chain.grow(branch(regtest().genesis_hash, 3));
    EXPECT_TRUE(until([&] { return client.chain.tip_hash() == server->chain.tip_hash(); }));
}

TEST_F(NodeTest, DetectsAConnectionToItself) {
    Running node(io, {});
    const auto port = node.node->port();
    node.node.reset();
    Running again(io, {port}, true, port);
    EXPECT_TRUE(
        until([&] { return again.node->connected() == 0 && !again.log.empty() && again.log.size() >= 2; }));
    EXPECT_THAT(again.log, Contains(HasSubstr("connected to ourselves")));
    EXPECT_EQ(again.node->status().connecting, 0u);
}

// Anything at all may connect. Loopback is not banned: other programs share it.
TEST_F(NodeTest, GarbageEndsOnlyItsOwnConnection) {
    Running node(io, {});
    const tcp::endpoint endpoint(boost::asio::ip::make_address("127.0.0.1"), node.node->port());
    for (const std::string& garbage :
         {std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), std::string(100'000, '\0'),
          std::string("\xfa\xbf\xb5\xda") + "version" + std::string(5, '\0') + "\xff\xff\xff\xff" +
              std::string(4, '\0')}) {
        tcp::socket socket(io);
        socket.connect(endpoint);
        boost::system::error_code ignored;
        boost::asio::write(socket, boost::asio::buffer(garbage), ignored);
        const std::size_t before = node.log.size();
        EXPECT_TRUE(until([&] { return node.log.size() > before; }));
    }
    EXPECT_THAT(node.log, Contains(HasSubstr("network magic 47455420 (expected: fabfb5da)")));
    EXPECT_THAT(node.log, Contains(HasSubstr("'version' of 4294967295 bytes (expected: at most 4000000)")));
    Running client(io, {node.node->port()}, false);
    EXPECT_TRUE(until([&] { return client.node->status().synced == 1; }));
}

// A peer that the user named and that lies is left alone for a while, and the others are followed.
TEST_F(NodeTest, AMisbehavingPeerIsBanned) {
    tcp::acceptor liar(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
    std::vector<tcp::socket> accepted;
    std::function<void()> accept = [&] {
        liar.async_accept([&](auto error, tcp::socket socket) {
            if (error) return;
            const auto say = [&](const Message& m) {
                boost::system::error_code ignored;
                boost::asio::write(socket, boost::asio::buffer(serialize(regtest().magic, m)), ignored);
            };
            Version version;
            version.height = 5;
            say(version);
            say(Verack{});
            auto lie = branch(regtest().genesis_hash, 1);
            lie[0].nonce += 1;
            while (lie[0].hash().number() <= *chain::target_of(lie[0].bits)) ++lie[0].nonce;
            say(Headers{lie});
            accepted.push_back(std::move(socket));
            accept();
        });
    };
    accept();
    Running honest(io, {});
    honest.chain.grow(branch(regtest().genesis_hash, 5));
    Running node(io, {liar.local_endpoint().port(), honest.node->port()}, false);
    EXPECT_TRUE(
        until([&] { return node.node->status().unreachable == 1 && node.node->status().synced == 1; }));
    EXPECT_THAT(node.log, Contains(HasSubstr("without proof of work")));
    EXPECT_THAT(node.log, Contains(HasSubstr("next attempt in 600 s")));
    EXPECT_EQ(node.chain.tip_hash(), honest.chain.tip_hash());
    io.restart();
    io.run_for(600ms);  // many pauses
    EXPECT_EQ(accepted.size(), 1u);
    liar.close();
}

TEST_F(NodeTest, AnAddressInUseIsNamed) {
    Running first(io, {});
    Toy chain;
    NodeSettings settings;
    settings.listen.emplace();
    settings.listen->host = "127.0.0.1";
    settings.listen->port = first.node->port();
    Node second(io.get_executor(), chain, settings, [](auto, auto) {});
    const auto started = second.start();
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().text(), HasSubstr("Address already in use"));
    EXPECT_THAT(started.error().text(), HasSubstr("listening on 127.0.0.1:"));
}

}  // namespace
}  // namespace lode::p2p
