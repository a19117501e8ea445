#include "p2p/bans.h"

#include <gtest/gtest.h>

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;

Bans::Address address(const std::string& text) {
    return boost::asio::ip::make_address(text);
}

TEST(Bans, LastUntilTheirTimeHasCome) {
    Bans bans;
    bans.add(address("192.0.2.1"), 10s);
    EXPECT_TRUE(bans.contains(address("192.0.2.1"), 9s));
    EXPECT_FALSE(bans.contains(address("192.0.2.2"), 9s));
    EXPECT_FALSE(bans.contains(address("192.0.2.1"), 10s));
}

TEST(Bans, ExemptLoopback) {
    Bans bans;
    for (const char* text : {"127.0.0.1", "127.1.2.3", "::1"}) {
        bans.add(address(text), 10s);
        EXPECT_FALSE(bans.contains(address(text), 0s)) << text;
    }
}

TEST(Bans, AreBoundedInNumber) {
    Bans bans;
    for (unsigned i = 0; i < Bans::kMax; ++i)
        bans.add(boost::asio::ip::address_v4(0x0a000000 + i), i == 0 ? 1s : 10s);
    bans.add(address("192.0.2.1"), 10s);
    EXPECT_FALSE(bans.contains(address("192.0.2.1"), 0s));
    bans.add(address("10.0.0.1"), 20s);  // a longer one for an address that is there
    EXPECT_TRUE(bans.contains(address("10.0.0.1"), 15s));
    bans.remove_expired(1s);
    bans.add(address("192.0.2.1"), 10s);
    EXPECT_TRUE(bans.contains(address("192.0.2.1"), 2s));
}

}  // namespace
}  // namespace lode::p2p
