// A peer that sends requests but does not read: its queue stays bounded, and continues when it reads.
#include "p2p/connection.h"

#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "net/stream.h"
#include "tests/p2p/played.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using namespace test;
using tcp = boost::asio::ip::tcp;

// What the kernel takes besides: 64 KiB here, and what Linux lets a send buffer grow to.
constexpr std::size_t kKernel = 16 << 20;

class ConnectionTest : public testing::Test {
 protected:
    // A connection on loopback; the handshake is done.
    void connect() {
        tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
        peer.open(tcp::v4());
        peer.set_option(boost::asio::socket_base::receive_buffer_size(1 << 16));
        peer.connect(acceptor.local_endpoint());
        connection = std::make_unique<Connection>(std::make_unique<net::Stream>(acceptor.accept()), "peer",
                                                  regtest().magic, chain, settings(1, true));
        connection->start();
        Version version;
        version.nonce = 2;
        say(version);
        say(Verack{});
        ASSERT_TRUE(until([&] { return connection->session().ready(); }));
    }
    void say(const Message& message) {
        boost::asio::write(peer, boost::asio::buffer(serialize(regtest().magic, message)));
    }
    template <typename Done>
    bool until(Done done) {
        for (int i = 0; i < 2000 && !done(); ++i) {
            io.restart();
            io.run_for(10ms);
        }
        return done();
    }
    // Everything that is there to do, until nothing has moved for a while.
    void settle() {
        for (std::size_t before = ~std::size_t{0}; before != chain.blocks_read + chain.headers_read;) {
            before = chain.blocks_read + chain.headers_read;
            io.restart();
            io.run_for(300ms);
        }
    }
    // Reads as long as there is something, and counts the messages of that name.
    std::size_t count(const std::string& command, std::size_t expected) {
        FrameReader frames(regtest().magic);
        std::vector<std::uint8_t> buffer(1 << 16);
        std::size_t found = 0;
        std::function<void()> read = [&] {
            peer.async_read_some(boost::asio::buffer(buffer), [&](auto error, std::size_t size) {
                if (error) return;
                frames.feed(std::span(buffer).first(size));
                for (auto frame = frames.next(); frame && *frame; frame = frames.next())
                    found += (*frame)->command == command;
                read();
            });
        };
        read();
        until([&] { return found >= expected; });
        peer.cancel();
        io.restart();
        io.run_for(10ms);
        return found;
    }

    boost::asio::io_context io;
    tcp::socket peer{io};
    Toy chain{true};
    std::unique_ptr<Connection> connection;
};

// 300 requests of 97 bytes each ask for 49 MB.
TEST_F(ConnectionTest, HeadersForAPeerThatDoesNotReadAreBounded) {
    chain.grow(branch(regtest().genesis_hash, 2000));
    connect();
    for (int i = 0; i < 300; ++i) say(GetHeaders{{regtest().genesis_hash}, {}});
    settle();
    EXPECT_GT(chain.headers_read, 0u);
    EXPECT_LT(chain.headers_read * (kHeaderSize + 1), (2 << 20) + kKernel);
    EXPECT_FALSE(connection->closed());
    EXPECT_EQ(count("headers", 300), 300u);
    EXPECT_FALSE(connection->closed());
}

// One request of 4.6 kB for 128 blocks of 1 MB.
TEST_F(ConnectionTest, BlocksForAPeerThatDoesNotReadAreBounded) {
    const auto headers = branch(regtest().genesis_hash, 128);
    chain.grow(headers);
    chain.block_padding = 1'000'000;
    connect();
    GetData request;
    for (const auto& header : headers) request.items.push_back({InventoryItem::kBlock, header.hash()});
    say(request);
    say(Ping{1});
    settle();
    EXPECT_GT(chain.blocks_read, 0u);
    EXPECT_LT(chain.blocks_read * chain.block_padding, (2 << 20) + kKernel);
    EXPECT_EQ(count("pong", 1), 1u);  // after all the blocks
    EXPECT_EQ(chain.blocks_read, 128u);
    EXPECT_FALSE(connection->closed());
}

// The stream and its buffers stay alive as long as an operation refers to them.
TEST_F(ConnectionTest, MayGoWhileItReadsAndWrites) {
    chain.grow(branch(regtest().genesis_hash, 2000));
    connect();
    for (int i = 0; i < 100; ++i) say(GetHeaders{{regtest().genesis_hash}, {}});
    settle();
    connection.reset();
    io.restart();
    io.run_for(50ms);
}

}  // namespace
}  // namespace lode::p2p
