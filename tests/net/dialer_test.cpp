// Names with several addresses, IPv6: over real sockets on loopback.
#include "net/dialer.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include "net/stream.h"

namespace lode::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct DialerTest : ::testing::Test {
    asio::io_context io;
    tcp::acceptor acceptor{io};

    // False: this machine does not have the address.
    bool listen(const char* address) {
        boost::system::error_code failed;
        const tcp::endpoint endpoint(asio::ip::make_address(address), 0);
        acceptor.open(endpoint.protocol(), failed);
        if (!failed) acceptor.bind(endpoint, failed);
        if (!failed) acceptor.listen(1, failed);
        return !failed;
    }
    // The address connected to; else the error's text.
    std::string dial(const std::string& host, std::uint16_t port) {
        const Dialer dialer = *Dialer::make({}, false);
        std::string came;
        const auto attempt = dialer.dial(io.get_executor(), host, port, [&](auto stream) {
            came =
                stream ? (*stream)->socket().remote_endpoint().address().to_string() : stream.error().text();
        });
        io.restart();
        io.run();
        return came;
    }
    std::string dial(const std::string& host) { return dial(host, acceptor.local_endpoint().port()); }
    // Of the name that every machine gives several addresses, or one.
    std::vector<std::string> addresses_of_localhost() {
        std::vector<std::string> out;
        for (const auto& entry : tcp::resolver(io).resolve("localhost", "1"))
            out.push_back(entry.endpoint().address().to_string());
        return out;
    }
};

TEST_F(DialerTest, AnIpv6Address) {
    if (!listen("::1")) GTEST_SKIP() << "no IPv6 here";
    EXPECT_EQ(dial("::1"), "::1");
}

// Wherever in the list the one that answers is.
TEST_F(DialerTest, EveryAddressOfANameIsTried) {
    const auto addresses = addresses_of_localhost();
    if (addresses.size() < 2) GTEST_SKIP() << "localhost has one address here";
    for (const auto& address : addresses) {
        acceptor = tcp::acceptor(io);
        if (!listen(address.c_str())) continue;
        EXPECT_EQ(dial("localhost"), address);
    }
}

TEST_F(DialerTest, WhereNoneAnswersTheErrorIsNamed) {
    ASSERT_TRUE(listen("127.0.0.1"));
    const std::uint16_t port = acceptor.local_endpoint().port();
    acceptor.close();
    EXPECT_EQ(dial("127.0.0.1", port), "connecting: Connection refused");
    EXPECT_EQ(dial("localhost", port), "connecting: Connection refused");
}

}  // namespace
}  // namespace lode::net
