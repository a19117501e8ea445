#include "status/access.h"

#include <gtest/gtest.h>

namespace lode::status {
namespace {

constexpr const char* kToken = "correct-horse-battery";

Request request(std::string host, std::string authorization = "") {
    Request r;
    r.host = std::move(host);
    r.authorization = std::move(authorization);
    return r;
}

unsigned status_of(const std::optional<Response>& refused) {
    return refused ? refused->status : 200;
}

TEST(Access, HostsSafeFromDnsRebinding) {
    for (const char* host : {"127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "[::1]", "192.168.1.7:80",
                             "localhost", "LOCALHOST:8080", "rig7", "Rig7.local:4067"})
        EXPECT_TRUE(host_is_ours(host, "rig7")) << host;
    for (const char* host :
         {"", "evil.example", "evil.example:8080", "localhost.evil.example", "rig7.evil.example",
          "127.0.0.1.evil.example", "127.0.0.1@evil.example", "local host", "[::1", "a:b:c"})
        EXPECT_FALSE(host_is_ours(host, "rig7")) << host;
    EXPECT_FALSE(host_is_ours(".local", ""));
}

TEST(Access, ReadingOnLoopbackNeedsNoToken) {
    const Access access({"", kToken, false}, true);
    EXPECT_EQ(status_of(access.refuse_reading(request("localhost"))), 200);
    EXPECT_EQ(status_of(access.refuse_reading(request(""))), 400);
    EXPECT_EQ(status_of(access.refuse_reading(request("evil.example"))), 421);
}

TEST(Access, ReadingFromElsewhereNeedsTheTokenUnlessOpened) {
    const Access closed({"", kToken, false}, false);
    EXPECT_EQ(status_of(closed.refuse_reading(request("10.0.0.1"))), 401);
    EXPECT_EQ(status_of(closed.refuse_reading(request("10.0.0.1", "Bearer wrong-horse-battery!"))), 403);
    EXPECT_EQ(status_of(closed.refuse_reading(request("10.0.0.1", std::string("bearer ") + kToken))), 200);
    const Access open({"", "", true}, false);
    EXPECT_EQ(status_of(open.refuse_reading(request("10.0.0.1"))), 200);
}

// RFC 6750: an answer of 401 says what is wanted.
TEST(Access, ActingNeedsTheToken) {
    const Access access({"", kToken, false}, true);
    const auto missing = access.refuse_acting(request("localhost"));
    ASSERT_EQ(status_of(missing), 401);
    EXPECT_EQ(missing->headers.at(0),
              (std::pair<std::string, std::string>("WWW-Authenticate", "Bearer realm=\"lode\"")));
    EXPECT_EQ(status_of(access.refuse_acting(request("localhost", "Bearer correct-horse-batter"))), 403);
    EXPECT_EQ(status_of(access.refuse_acting(request("localhost", "Bearer "))), 403);
    EXPECT_EQ(status_of(access.refuse_acting(request("localhost", std::string("Basic ") + kToken))), 403);
    EXPECT_EQ(status_of(access.refuse_acting(request("localhost", std::string("Bearer ") + kToken))), 200);
    const Access none({"", "", true}, true);
    EXPECT_EQ(status_of(none.refuse_acting(request("localhost", "Bearer "))), 403);
}

TEST(Access, TheTokenReplacesTheHostCheck) {
    const Access access({"", kToken, false}, false);
    EXPECT_EQ(status_of(access.refuse_reading(request("lode.lan", std::string("Bearer ") + kToken))), 200);
    EXPECT_EQ(status_of(access.refuse_reading(request("lode.lan"))), 421);
}

TEST(Access, InvalidOptions) {
    EXPECT_TRUE(check_options({"", "", false}, true));
    EXPECT_TRUE(check_options({"", kToken, false}, false));
    EXPECT_TRUE(check_options({"", "", true}, false));
    EXPECT_FALSE(check_options({"", "", false}, false));
    for (const std::string& token : {std::string("short"), std::string(257, 'x'), std::string("has a blank"),
                                     std::string("umlaut-\xc3\xa4-x")}) {
        const auto checked = check_options({"", token, false}, true);
        ASSERT_FALSE(checked) << token;
        EXPECT_EQ(checked.error().text().find(token), std::string::npos) << "a secret in the error";
    }
}

}  // namespace
}  // namespace lode::status
