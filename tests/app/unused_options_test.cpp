#include "app/unused_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/mine_options.h"

namespace lode::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> unused(const std::string& command_line) {
    CLI::App app;
    MineOptions options;
    declare_mine_options(app, options);
    app.parse(command_line, false);
    return unused_options(app, options.urls);
}

const char* const kOptions[] = {"--rpc-user u",
                                "--rpc-password p",
                                "--rpc-cookie c",
                                "--no-longpoll",
                                "--block-interval 1",
                                "--min-difficulty-blocks",
                                "--coinbase-addr a",
                                "--coinbase-tag t",
                                "-u w",
                                "-p x",
                                "--user-agent m",
                                "--seed 1",
                                "--suggest-diff 1",
                                "-P",
                                "--sv2-channel standard",
                                "--sv2-insecure",
                                "--tls-ca f",
                                "--tls-fingerprint f",
                                "--tls-insecure",
                                "--on-bad-job pause",
                                "-r 1",
                                "-R 1",
                                "--listen 1",
                                "--block-interval 1 --poisson"};

// Every option has a source that uses it and one that does not, which is said.
TEST(UnusedOptions, AreSaidWhereNoSourceUsesThem) {
    const char* const urls[] = {"-o https://n:1 ", "-o stratum+ssl://p:1 ", "-o stratum2+tcp://p:1/K ",
                                "-o template+tcp://p:1/K ", ""};
    for (const char* option : kOptions) {
        int used = 0, said = 0;
        for (const char* url : urls) {
            const auto lines = unused(std::string(url) + option);
            ++(lines.empty() ? used : said);
            if (lines.empty()) continue;
            EXPECT_THAT(lines.front(), HasSubstr(" has no effect here: it is only for ")) << option;
        }
        EXPECT_GT(used, 0) << option;
        EXPECT_GT(said, 0) << option;
    }
}

TEST(UnusedOptions, OneSourceOfSeveralIsEnough) {
    EXPECT_THAT(unused("-o stratum+tcp://p:1 -o http://n:1 --rpc-cookie c -u w"), IsEmpty());
    EXPECT_THAT(unused("-o p:1 --rpc-cookie c --tls-insecure"),
                ElementsAre("--rpc-cookie has no effect here: it is only for nodes",
                            "--tls-insecure has no effect here: it is only for connections with TLS"));
}

TEST(UnusedOptions, PoissonWantsAnInterval) {
    EXPECT_THAT(unused("-o http://n:1 --poisson"),
                ElementsAre("--poisson has no effect without --block-interval"));
}

TEST(UnusedOptions, AUrlThatCannotBeReadIsNamedElsewhere) {
    EXPECT_THAT(unused("-o http:// --listen 1"), IsEmpty());
}

}  // namespace
}  // namespace lode::app
