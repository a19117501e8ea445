#include "net/socks5.h"

#include <gtest/gtest.h>

#include "util/hex.h"

namespace lode::net {
namespace {

std::vector<std::uint8_t> bytes(const char* hex) {
    return *util::from_hex(hex);
}

// Bytes by hand from RFC 1928, sections 3 to 6, and RFC 1929.
TEST(Socks5, NameWithoutAuthentication) {
    Socks5 socks("pool.example", 3333, "", "");
    EXPECT_EQ(socks.greeting(), bytes("050100"));
    ASSERT_EQ(socks.wants(), 2u);
    // the name itself goes to the proxy: version, connect, reserved, name of 12 bytes, port 0x0d05
    EXPECT_EQ(*socks.feed(bytes("0500")), bytes("050100030c706f6f6c2e6578616d706c650d05"));
    ASSERT_EQ(socks.wants(), 5u);
    EXPECT_EQ(*socks.feed(bytes("050000017f")), bytes(""));
    ASSERT_EQ(socks.wants(), 5u);  // the rest of an IPv4 address, and a port
    EXPECT_EQ(*socks.feed(bytes("0000010d05")), bytes(""));
    EXPECT_EQ(socks.wants(), 0u);
}

TEST(Socks5, Ipv6WithPassword) {
    Socks5 socks("::1", 443, "bob", "secret");
    EXPECT_EQ(socks.greeting(), bytes("05020002"));
    EXPECT_EQ(*socks.feed(bytes("0502")), bytes("0103626f6206736563726574"));
    ASSERT_EQ(socks.wants(), 2u);
    EXPECT_EQ(*socks.feed(bytes("0100")), bytes("050100040000000000000000000000000000000101bb"));
    EXPECT_TRUE(socks.feed(bytes("0500000304")));  // bound to a name of 4 bytes
    EXPECT_EQ(socks.wants(), 6u);
}

TEST(Socks5, EveryRefusalIsNamed) {
    struct Row {
        const char* name;
        const char* user;
        std::vector<const char*> answers;  // the last one is the refusal
        const char* says;
    };
    const Row rows[] = {
        {"password required", "", {"05ff"}, "requires a user and password"},
        {"no password wanted", "bob", {"05ff"}, "accepts no user and password"},
        {"password wrong", "bob", {"0502", "0102"}, "user or password refused"},
        {"method not offered", "", {"0502"}, "not offered"},
        {"not a SOCKS5 proxy", "", {"4854"}, "no SOCKS5 answer"},
        {"SOCKS4 reply", "", {"0500", "005a000000"}, "no SOCKS5 answer"},
        {"closed port", "", {"0500", "0505000100"}, "connection refused (5)"},
        {"unknown reply", "", {"0500", "05fe000100"}, "unknown reply (254)"},
        {"unknown address type", "", {"0500", "0500000900"}, "unknown address type"},
    };
    for (const Row& row : rows) {
        Socks5 socks("h", 1, row.user, "pw");
        for (std::size_t i = 0; i + 1 < row.answers.size(); ++i)
            ASSERT_TRUE(socks.feed(bytes(row.answers[i])));
        const auto result = socks.feed(bytes(row.answers.back()));
        ASSERT_FALSE(result) << row.name;
        EXPECT_NE(result.error().what.find(row.says), std::string::npos)
            << row.name << ": " << result.error().what;
    }
}

}  // namespace
}  // namespace lode::net
