// Configuration files that include others, and variables in them.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "app/config_file.h"
#include "app/mine_options.h"

namespace lode::app {
namespace {

struct ConfigInclude : ::testing::Test {
    std::filesystem::path folder = ::testing::TempDir() + "lode_include_test" + std::to_string(::getpid());
    CLI::App app;
    MineOptions options;

    ConfigInclude() {
        std::filesystem::create_directories(folder / "sub");
        declare_mine_options(app, options);
    }
    ~ConfigInclude() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
    }
    std::string load(const std::string& name) {
        app.parse("", false);
        const auto applied = apply_config_file(app, (folder / name).string());
        return applied ? "" : applied.error().text();
    }
};

TEST_F(ConfigInclude, TheIncludingFileReplacesWhatItIncludes) {
    write("main.json", R"({"include": ["sub/site.json", "more.json"], "pass": "own"})");
    write("sub/site.json", R"({"include": "leaf.json", "pools": [{"url": "a:1", "user": "site"}],
                               "pass": "site", "retries": 3})");
    write("sub/leaf.json", R"({"retries": 9, "threads": 2})");  // relative to its includer
    write("more.json", R"({"url": "b:2", "user": "more"})");
    ASSERT_EQ(load("main.json"), "");
    EXPECT_EQ(options.urls, std::vector<std::string>{"b:2"});  // url and pools replace each other
    EXPECT_EQ(options.source.password, "own");
    EXPECT_EQ(options.source.retries, 3);
    EXPECT_EQ(options.device.cpu_threads, 2u);
}

TEST_F(ConfigInclude, NullTakesAnIncludedKeyAway) {
    write("main.json", R"({"include": "site.json", "user": null})");
    write("site.json", R"({"user": "site", "url": "a:1"})");
    ASSERT_EQ(load("main.json"), "");
    EXPECT_EQ(options.source.user, "");
}

TEST_F(ConfigInclude, CirclesAndDepthAreBounded) {
    write("a.json", R"({"include": "sub/../b.json"})");
    write("b.json", R"({"include": "./a.json"})");
    EXPECT_NE(load("a.json").find("includes itself"), std::string::npos);
    for (int i = 0; i < 12; ++i) write(std::to_string(i), R"({"include": ")" + std::to_string(i + 1) + "\"}");
    write("12", "{}");
    EXPECT_NE(load("0").find("too many files"), std::string::npos);
    std::string many = R"({"include": ["12")";
    for (int i = 0; i < 70; ++i) many += R"(, "12")";
    write("many.json", many + "]}");
    EXPECT_NE(load("many.json").find("too many files"), std::string::npos);
}

TEST_F(ConfigInclude, ErrorsNameTheFileThatIsWrong) {
    write("main.json", R"({"include": "sub/site.json"})");
    write("sub/site.json", R"({"blocs": 3})");
    EXPECT_NE(load("main.json").find("site.json: unknown key 'blocs'"), std::string::npos);
    write("missing.json", R"({"include": "nothing.json"})");
    EXPECT_NE(load("missing.json").find("nothing.json: cannot be read"), std::string::npos);
    write("type.json", R"({"include": [5]})");
    EXPECT_NE(load("type.json").find("key 'include' has a value of the wrong type"), std::string::npos);
}

TEST_F(ConfigInclude, VariablesAreExpandedInEveryString) {
    ::setenv("LODE_TEST_RIG", "rig 1", 1);
    write("main.json", R"({"include": "${LODE_TEST_RIG}.json", "http-token": "${LODE_TEST_RIG}!token",
        "_note": "${LODE_NO_SUCH}", "pools": [{"url": "a:1", "user": "al.${LODE_TEST_RIG}",
        "pass": "${LODE_TEST_RIG}"}, {"url": "b:2", "user": "$${x}"}]})");
    write("rig 1.json", R"({"user": "me.${LODE_TEST_RIG}"})");
    const auto said = load("main.json");
    ::unsetenv("LODE_TEST_RIG");
    ASSERT_EQ(said, "");

    EXPECT_EQ(options.urls.at(0), "al.rig-1:rig%201@a:1");
    EXPECT_EQ(options.urls.at(1), "%24%7bx%7d:@b:2");
    EXPECT_EQ(options.http.token, "rig 1!token");
    EXPECT_EQ(options.source.user, "me.rig-1");
}

TEST_F(ConfigInclude, AVariableThatIsNotSetIsOneError) {
    write("main.json", R"({"pools": [{"url": "a:1", "user": "x", "pass": "${LODE_NO_SUCH}"}]})");
    const auto said = load("main.json");
    EXPECT_NE(said.find("main.json: key 'pass': ${LODE_NO_SUCH}: the variable is not set"), std::string::npos)
        << said;
    write("user.json", R"({"user": "${LODE_NO_SUCH}"})");
    EXPECT_NE(load("user.json").find("${LODE_NO_SUCH}: the variable is not set"), std::string::npos);
}

}  // namespace
}  // namespace lode::app
