#include "app/url_credentials.h"

#include <gtest/gtest.h>

#include "app/mine_options.h"

namespace lode::app {
namespace {

using Urls = std::vector<std::string>;

struct UrlCredentials : ::testing::Test {
    CLI::App app;
    MineOptions options;

    UrlCredentials() { declare_mine_options(app, options); }
    Result<void> parse(const std::string& command_line) {
        app.parse(command_line, false);
        return pair_credentials(app, options.urls, options.source.user, options.source.password);
    }
};

// As other miners are told about several pools.
TEST_F(UrlCredentials, GoWithTheUrlBefore) {
    ASSERT_TRUE(parse("-o stratum+tcp://a:1 -u alice -p x -o b:2 --user bo@b -p y:z"));
    EXPECT_EQ(options.urls, (Urls{"stratum+tcp://alice:x@a:1", "bo%40b:y%3az@b:2"}));
    EXPECT_EQ(options.source.user, "");
}

TEST_F(UrlCredentials, GivenOnceServeEveryUrl) {
    ASSERT_TRUE(parse("-o a:1 -o b:2 -u w -p secret"));
    EXPECT_EQ(options.urls, (Urls{"a:1", "b:2"}));
    EXPECT_EQ(options.source.user, "w");
    EXPECT_EQ(options.source.password, "secret");
}

// A password never goes to the pool of another user.
TEST_F(UrlCredentials, APasswordStaysWithItsUser) {
    ASSERT_TRUE(parse("-o a:1 -u alice -p secret -o b:2 -u bob"));
    EXPECT_EQ(options.urls, (Urls{"alice:secret@a:1", "bob:x@b:2"}));
    EXPECT_EQ(options.source.password, "x");
}

TEST_F(UrlCredentials, BeforeAnyUrlServeThoseWithoutTheirOwn) {
    ASSERT_TRUE(parse("-u all -o a:1 -o b:2 -u bob -o http://n:3"));
    EXPECT_EQ(options.urls, (Urls{"a:1", "bob:x@b:2", "http://n:3"}));
    EXPECT_EQ(options.source.user, "all");
}

TEST_F(UrlCredentials, InTheUrlTheyStay) {
    ASSERT_TRUE(parse("-o carol:c@a:1 -u alice -o b:2 -u bob"));
    EXPECT_EQ(options.urls, (Urls{"carol:c@a:1", "bob:x@b:2"}));
}

TEST_F(UrlCredentials, TwoForOneUrlAreAnError) {
    for (const char* wrong : {"-o a:1 -u x -u y", "-u x -u y -o a:1", "-o a:1 -p secret -p y -o b:2"}) {
        CLI::App fresh;
        MineOptions given;
        declare_mine_options(fresh, given);
        fresh.parse(wrong, false);
        const auto paired = pair_credentials(fresh, given.urls, given.source.user, given.source.password);
        ASSERT_FALSE(paired) << wrong;
        EXPECT_NE(paired.error().text().find("given twice for"), std::string::npos);
        EXPECT_EQ(paired.error().text().find("secret"), std::string::npos);
    }
}

}  // namespace
}  // namespace lode::app
