#include "status/listen_address.h"

#include <gtest/gtest.h>

namespace lode::status {
namespace {

TEST(ListenAddress, AddressesAndPorts) {
    const auto spelled = [](const char* text) {
        const auto address = parse_listen_address(text);
        return address ? address->host + " " + std::to_string(address->port) : address.error().text();
    };
    EXPECT_EQ(spelled("8080"), "127.0.0.1 8080");
    EXPECT_EQ(spelled(":8080"), "127.0.0.1 8080");
    EXPECT_EQ(spelled("0"), "127.0.0.1 0");
    EXPECT_EQ(spelled("localhost:80"), "127.0.0.1 80");
    EXPECT_EQ(spelled("0.0.0.0:0"), "0.0.0.0 0");
    EXPECT_EQ(spelled("[::1]:8080"), "::1 8080");
}

TEST(ListenAddress, InvalidAddresses) {
    for (const char* wrong :
         {"", "-1", "65536", "80x", "example.org:80", "127.0.0.1", "::1:80", "1.2.3:80", ":", "[::1]"})
        EXPECT_FALSE(parse_listen_address(wrong)) << wrong;
}

TEST(ListenAddress, Loopback) {
    for (const char* near : {"1", "127.1.2.3:1", "[::1]:1"})
        EXPECT_TRUE(is_loopback(*parse_listen_address(near))) << near;
    for (const char* far : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "128.0.0.1:1"})
        EXPECT_FALSE(is_loopback(*parse_listen_address(far))) << far;
}

}  // namespace
}  // namespace lode::status
