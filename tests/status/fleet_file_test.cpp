#include "status/fleet_file.h"

#include <gtest/gtest.h>

namespace lode::status {
namespace {

TEST(FleetFile, Lines) {
    const auto fleet = parse_fleet(
        "# the attic\n10.0.0.5:8080\n\n  http://rig.lan:81/ s3cret-token  # loud\r\n[::1]:9\nhttps://x\n");
    ASSERT_TRUE(fleet) << fleet.error().text();
    ASSERT_EQ(fleet->size(), 4u);
    EXPECT_EQ((*fleet)[0].name, "10.0.0.5:8080");
    EXPECT_EQ((*fleet)[0].url.safe(), "http://10.0.0.5:8080");
    EXPECT_EQ((*fleet)[0].token, "");
    EXPECT_EQ((*fleet)[1].url.host, "rig.lan");
    EXPECT_EQ((*fleet)[1].url.port, 81);
    EXPECT_EQ((*fleet)[1].token, "s3cret-token");
    EXPECT_EQ((*fleet)[2].url.host, "::1");
    EXPECT_EQ((*fleet)[3].url.port, 443);
}

TEST(FleetFile, Json) {
    const auto fleet = parse_fleet(
        R"( ["a:1", {"address": "http://b:2", "name": "the \u001b[31mrig", "token": "12345678"}] )");
    ASSERT_TRUE(fleet) << fleet.error().text();
    ASSERT_EQ(fleet->size(), 2u);
    EXPECT_EQ((*fleet)[0].name, "a:1");
    EXPECT_EQ((*fleet)[1].name, "the ?[31mrig");
    EXPECT_EQ((*fleet)[1].token, "12345678");
}

struct Wrong {
    std::string text, error;
};

TEST(FleetFile, ErrorsNameTheirPlace) {
    std::string many;
    for (int i = 0; i < 300; ++i) many += "10.0.0.1:" + std::to_string(1000 + i) + "\n";
    for (const auto& [text, error] : std::initializer_list<Wrong>{
             {"", "no machine in it"},
             {"# nothing\n", "no machine in it"},
             {"a:1\nftp://b:2\n", "line 2: not the address of a lode"},
             {"a:1\nb:2 token more\n", "line 2: more than two words"},
             {"a:1\nhttp://a:1/\n", "line 2, a:1: named before"},
             {"http://user:secret@a:1\n", "line 1: not the address"},
             {"http://a:1/path\n", "line 1: not the address"},
             {"a:99999\n", "line 1: "},
             {"[\"a:1\", 7]", "entry 2: not a machine"},
             {"[{\"address\": 1}]", "entry 1: not a machine"},
             {"[{\"address\": \"a:1\", \"token\": \"\\u0001\"}]", "entry 1: the token cannot be used"},
             {"{\"a\": 1}", "not a JSON array"},
             {"[\"a:1\"", "not a JSON array"},
             {many, "line 257: too many machines"}}) {
        const auto fleet = parse_fleet(text);
        ASSERT_FALSE(fleet) << text.substr(0, 60);
        EXPECT_NE(fleet.error().text().find(error), std::string::npos) << fleet.error().text();
        EXPECT_EQ(fleet.error().text().find("secret"), std::string::npos);
        EXPECT_EQ(fleet.error().kind, ErrorKind::Usage);
    }
    EXPECT_FALSE(read_fleet("/no/such/file"));
    EXPECT_FALSE(read_fleet("/dev/zero"));
    EXPECT_FALSE(read_fleet("/"));
}

}  // namespace
}  // namespace lode::status
