#include "app/config_file.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "app/mine_options.h"

namespace lode::app {
namespace {

struct ConfigFile : ::testing::Test {
    std::string path = ::testing::TempDir() + "lode_config_test.json" + std::to_string(getpid());
    CLI::App app;
    MineOptions options;

    ConfigFile() { declare_mine_options(app, options); }
    ~ConfigFile() override { std::filesystem::remove(path); }

    Result<void> load(const std::string& text, const std::string& command_line = "") {
        std::ofstream(path, std::ios::binary) << text;
        app.parse(command_line, false);
        return apply_config_file(app, path);
    }
};

TEST_F(ConfigFile, KeysAreTheFlags) {
    const auto loaded = load(R"({
        // a comment
        "url": ["stratum+tcp://a:1", "b:2"], "user": "w", "pass": 5, "blocks": 20, "tls-insecure": true,
        "suggest-diff": 0.5, "format": "json", "no-version-rolling": true, "version-mask": "1fffe000"})");
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(options.url_texts, (std::vector<std::string>{"stratum+tcp://a:1", "b:2"}));
    EXPECT_EQ(options.source.user, "w");
    EXPECT_EQ(options.source.password, "5");
    EXPECT_EQ(options.engine.max_blocks, 20u);
    EXPECT_TRUE(options.source.tls_insecure);
    EXPECT_FALSE(options.source.version_rolling);
    EXPECT_EQ(options.source.suggest_difficulty, 0.5);
    EXPECT_EQ(options.format, Format::Json);
}

TEST_F(ConfigFile, TheCommandLineWins) {
    ASSERT_TRUE(load(R"({"blocks": 20, "url": "a:1", "user": "file"})", "--blocks 3 -o b:2"));
    EXPECT_EQ(options.engine.max_blocks, 3u);
    EXPECT_EQ(options.url_texts, std::vector<std::string>{"b:2"});
    EXPECT_EQ(options.source.user, "file");
}

struct Wrong {
    const char* text;
    const char* named;  // what the error must mention
};

// What ctest shows of a case.
void PrintTo(const Wrong& wrong, std::ostream* out) {
    *out << wrong.named;
}

class WrongConfig : public ConfigFile, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongConfig, IsNamed) {
    const auto loaded = load(GetParam().text);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().kind, ErrorKind::Usage);
    EXPECT_NE(loaded.error().text().find(GetParam().named), std::string::npos) << loaded.error().text();
    EXPECT_NE(loaded.error().text().find("lode_config_test.json"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongConfig,
    ::testing::Values(Wrong{"", "not JSON"}, Wrong{"{", "byte"}, Wrong{"[]", "object"},
                      Wrong{R"({"blocs": 1})", "nearest is 'blocks'"},
                      Wrong{R"({"config": "x"})", "unknown key"}, Wrong{R"({"help": true})", "unknown key"},
                      Wrong{R"({"blocks": "many"})", "blocks"}, Wrong{R"({"blocks": -1})", "blocks"},
                      Wrong{R"({"user": ["a", "b"]})", "wrong shape"},
                      Wrong{R"({"url": {"a": 1}})", "wrong shape"},
                      Wrong{R"({"url": [["a"]]})", "wrong shape"},
                      Wrong{R"({"network": "mainnet"})", "network"}, Wrong{"\xff\xfe\x00", "not JSON"}));

TEST_F(ConfigFile, AMissingFileIsNamed) {
    const auto loaded = apply_config_file(app, "/nonexistent/lode.json");
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().text().find("/nonexistent/lode.json"), std::string::npos);
}

TEST_F(ConfigFile, TheExamplesAreRight) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LODE_SOURCE_DIR "/configs")) {
        CLI::App fresh;
        MineOptions fresh_options;
        declare_mine_options(fresh, fresh_options);
        const auto applied = apply_config_file(fresh, entry.path().string());
        EXPECT_TRUE(applied) << applied.error().text();
        ++files;
    }
    EXPECT_GE(files, 3u);
}

}  // namespace
}  // namespace lode::app
