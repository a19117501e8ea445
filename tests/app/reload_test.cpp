#include "app/reload.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace lode::app {
namespace {

using Strings = std::vector<std::string>;

struct ReloadTest : ::testing::Test {
    std::string path = ::testing::TempDir() + "lode_reload_test.json" + std::to_string(::getpid());
    std::optional<Reloader> reloader;

    ~ReloadTest() override { std::filesystem::remove(path); }
    void write(const std::string& text) const { std::ofstream(path, std::ios::binary) << text; }
    void start(const std::string& text, Strings more = {}) {
        write(text);
        Strings arguments = {"-c", path};
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto command = read_mine_command(arguments);
        ASSERT_TRUE(command) << command.error().text();
        reloader.emplace(arguments, std::move(*command));
    }
    // What a reload with this file says.
    std::string after(const std::string& text) {
        write(text);
        last = reloader->read();
        return last ? last->text : "error: " + last.error().text();
    }
    Result<Reloaded> last = Reloaded();
};

TEST_F(ReloadTest, SaysWhatChangesAndWhatCannot) {
    start(R"({"pools": [{"url": "a:1", "user": "u"}]})");
    EXPECT_EQ(after(R"({"pools": [{"url": "a:1", "user": "u"}]})"), "nothing has changed");
    EXPECT_FALSE(last->source);
    EXPECT_EQ(after(R"({"pools": [{"url": "a:1", "user": "other"}], "time-limit": 60, "threads": 2})"),
              "time-limit, pools; this takes a restart: threads");
    EXPECT_TRUE(last->source);
    EXPECT_EQ(last->options.urls, Strings{"other:@a:1"});
    EXPECT_EQ(last->options.time_limit.count(), 60000);
    // What is not in force is named again.
    EXPECT_EQ(after(R"({"pools": [{"url": "a:1", "user": "other"}], "time-limit": 60, "threads": 2})"),
              "nothing has changed; this takes a restart: threads");
    EXPECT_FALSE(last->source);
    EXPECT_EQ(after(R"({"pools": [{"url": "a:1", "user": "other"}], "verbose": true})"),
              "time-limit, verbose");
    EXPECT_EQ(last->options.time_limit.count(), 0);
}

TEST_F(ReloadTest, ABadFileChangesNothing) {
    start(R"({"pools": [{"url": "a:1", "user": "u"}]})");
    for (const char* bad : {"", "{", R"({"pools": []})", R"({"url": "a:1", "user": "u", "bloks": 1})",
                            R"({"url": "ftp://a:1"})", R"({"url": "a:1", "user": "${LODE_NO_SUCH}"})"})
        EXPECT_TRUE(after(bad).starts_with("error: ")) << bad;
    std::filesystem::remove(path);
    EXPECT_FALSE(reloader->read());
    EXPECT_EQ(after(R"({"pools": [{"url": "a:1", "user": "u"}]})"), "nothing has changed");
}

TEST_F(ReloadTest, TheCommandLineStillWins) {
    start(R"({"url": "a:1", "user": "u"})", {"-o", "b:2"});
    EXPECT_EQ(after(R"({"url": "c:3", "user": "u"})"), "nothing has changed");
}

TEST_F(ReloadTest, ALocalChainTakesARestart) {
    start(R"({"threads": 1})");
    EXPECT_EQ(after(R"({"threads": 1, "url": "a:1", "user": "u", "quiet": true})"),
              "quiet; this takes a restart: pools, user");
    EXPECT_FALSE(last->source);
}

TEST_F(ReloadTest, WithoutAFileThereIsNothingToRead) {
    auto command = read_mine_command({"-o", "a:1", "-u", "u"});
    ASSERT_TRUE(command);
    Reloader bare({"-o", "a:1", "-u", "u"}, std::move(*command));
    EXPECT_FALSE(bare.read());
    EXPECT_FALSE(bare.switch_to(std::nullopt));  // there is no other
}

TEST_F(ReloadTest, SwitchingPutsASourceFirst) {
    start(R"({"url": ["a:1", "b:2", "c:3"], "user": "u"})");
    const auto order = [&](std::optional<std::size_t> to) {
        last = reloader->switch_to(to);
        return last ? last->options.urls : Strings();
    };
    EXPECT_EQ(order(2), (Strings{"c:3", "a:1", "b:2"}));
    EXPECT_TRUE(last->source);
    EXPECT_EQ(order(2), (Strings{"c:3", "a:1", "b:2"}));
    EXPECT_FALSE(last->source);
    EXPECT_EQ(order(std::nullopt), (Strings{"a:1", "b:2", "c:3"}));
    EXPECT_EQ(order(std::nullopt), (Strings{"b:2", "a:1", "c:3"}));
    EXPECT_EQ(order(3), Strings());
    // A reload returns to the order of the file.
    EXPECT_EQ(after(R"({"url": ["a:1", "b:2", "c:3"], "user": "u"})"), "nothing has changed");
    EXPECT_TRUE(last->source);
    EXPECT_EQ(last->options.urls, (Strings{"a:1", "b:2", "c:3"}));
}

}  // namespace
}  // namespace lode::app
