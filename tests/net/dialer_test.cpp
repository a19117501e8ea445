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
    // In the order in which they are tried; none: no such name.
    std::vector<std::string> addresses_of(const char* name) {
        std::vector<std::string> out;
        boost::system::error_code ignored;
        for (const auto& entry : tcp::resolver(io).resolve(name, "1", ignored))
            out.push_back(entry.endpoint().address().to_string());
        return out;
    }
};

TEST_F(DialerTest, AnIpv6Address) {
    if (!listen("::1")) GTEST_SKIP() << "no IPv6 here";
    EXPECT_EQ(dial("::1"), "::1");
}

// Of the two addresses that tests/net/hosts gives it.
constexpr const char* kSeveral = "several.lode.test";

struct SeveralAddresses : DialerTest {
    std::vector<std::string> addresses = addresses_of(kSeveral);
    void SetUp() override {
        if (addresses.size() < 2) GTEST_SKIP() << kSeveral << " has no addresses here: see tests/net/hosts";
    }
};

TEST_F(SeveralAddresses, EachIsTried) {
    for (const auto& address : addresses) {
        acceptor = tcp::acceptor(io);
        ASSERT_TRUE(listen(address.c_str()));
        EXPECT_EQ(dial(kSeveral), address);
    }
}

// What drops packets says nothing, so the next one is tried while a connection may still be made.
TEST_F(SeveralAddresses, OneThatHangsIsPassed) {
    ASSERT_TRUE(listen(addresses[1].c_str()));
    const std::uint16_t port = acceptor.local_endpoint().port();
    // Linux leaves a connection unanswered where the queue of those not yet accepted is full.
    const tcp::endpoint hanging(asio::ip::make_address(addresses[0]), port);
    tcp::acceptor full(io, hanging.protocol());
    full.bind(hanging);
    full.listen(0);
    std::vector<tcp::socket> queued;
    for (int i = 0; i < 4; ++i) {
        queued.emplace_back(io, hanging.protocol());
        queued.back().native_non_blocking(true);
        ::connect(queued.back().native_handle(), hanging.data(), static_cast<socklen_t>(hanging.size()));
    }
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(dial(kSeveral, port), addresses[1]);
    EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds(2)) << "the first one answered";
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
