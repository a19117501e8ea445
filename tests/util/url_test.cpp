#include "util/url.h"

#include <gtest/gtest.h>

namespace lode::util {
namespace {

TEST(Url, AllParts) {
    const auto url = parse_url("HTTP://al%40ice:s%3Aec@Node.Example:8332/wallet");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "http");
    EXPECT_EQ(url->user, "al@ice");
    EXPECT_EQ(url->password, "s:ec");
    EXPECT_EQ(url->host, "node.example");
    EXPECT_EQ(url->port, 8332);
    EXPECT_EQ(url->safe(), "http://node.example:8332/wallet");
}

TEST(Url, BareHostAndIpv6) {
    EXPECT_EQ(parse_url("pool.example:3333")->scheme, "");
    EXPECT_EQ(parse_url("pool.example:3333")->port, 3333);
    EXPECT_EQ(parse_url("stratum+tcp://[::1]:3333")->host, "::1");
    EXPECT_EQ(parse_url("stratum+tcp://[::1]:3333")->authority(), "[::1]:3333");
    EXPECT_EQ(parse_url("http://h/")->path, "/");
    EXPECT_EQ(parse_url("http://u:p/q@h:1")->password, "p/q");  // unescaped slashes in passwords are common
}

TEST(Url, BlanksAroundItAndAFragmentAreIgnored) {
    const Url plain = *parse_url("stratum+tcp://pool.example:3333");
    EXPECT_EQ(*parse_url("  stratum+tcp://pool.example:3333\t\r\n"), plain);
    EXPECT_EQ(*parse_url("stratum+tcp://pool.example:3333#xnsub"), plain);
    EXPECT_EQ(parse_url("stratum+tcp://pool.example:3333/#xnsub")->safe(), plain.safe());
    EXPECT_EQ(parse_url("http://u:p#q@h:1")->password, "p#q");
    EXPECT_FALSE(parse_url(" \n"));
    EXPECT_FALSE(parse_url("#xnsub"));
}

// Whatever they are, they come back.
TEST(Url, WithCredentials) {
    EXPECT_EQ(with_credentials("stratum+tcp://h:1", "w", "x"), "stratum+tcp://w:x@h:1");
    EXPECT_EQ(with_credentials("h:1", "w", ""), "w:@h:1");
    EXPECT_EQ(with_credentials("http://a:b@h:1", "w", "x"), "http://a:b@h:1");
    const std::string user = "a@b:c/d#e%20 \xff", password = "://@";
    const auto url = parse_url(with_credentials("stratum+ssl://[::1]:1/path", user, password));
    ASSERT_TRUE(url);
    EXPECT_EQ(url->user, user);
    EXPECT_EQ(url->password, password);
    EXPECT_EQ(url->safe(), "stratum+ssl://[::1]:1/path");
}

TEST(Url, WrongOnesAreNamedWithoutCredentials) {
    for (const char* text : {"http://", "http://h:99999", "http://h:0", "http://h:x", "://h:1",
                             "http://[::1:80", "http://u:%zz@h:1", "http://ho st:1", "http://h:1x"}) {
        const auto url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().kind, ErrorKind::Usage) << text;
    }
    EXPECT_EQ(parse_url("http://bob:secret@h:bad").error().text().find("secret"), std::string::npos);
}

TEST(HostPort, Forms) {
    EXPECT_EQ(parse_host_port("8333")->port, 8333);
    EXPECT_EQ(parse_host_port(":8333")->host, "");
    EXPECT_EQ(parse_host_port("[::1]:8333")->host, "::1");
    EXPECT_EQ(parse_host_port("node", 8333)->port, 8333);
    EXPECT_FALSE(parse_host_port("node"));
    EXPECT_FALSE(parse_host_port("node:"));
}

}  // namespace
}  // namespace lode::util
