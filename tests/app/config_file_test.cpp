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
    EXPECT_EQ(options.urls, (std::vector<std::string>{"stratum+tcp://a:1", "b:2"}));
    EXPECT_EQ(options.source.user, "w");
    EXPECT_EQ(options.source.password, "5");
    EXPECT_EQ(options.engine.max_blocks, 20u);
    EXPECT_TRUE(options.source.dial.tls_insecure);
    EXPECT_FALSE(options.source.version_rolling);
    EXPECT_EQ(options.source.suggest_difficulty, 0.5);
    EXPECT_EQ(options.format, Format::Json);
}

TEST_F(ConfigFile, TheCommandLineWins) {
    ASSERT_TRUE(load(R"({"blocks": 20, "url": "a:1", "user": "file"})", "--blocks 3 -o b:2"));
    EXPECT_EQ(options.engine.max_blocks, 3u);
    EXPECT_EQ(options.urls, std::vector<std::string>{"b:2"});
    EXPECT_EQ(options.source.user, "file");
}

TEST_F(ConfigFile, CommentsNullsAndLimitsOfZeroAreIgnored) {
    const auto loaded = load(R"({"_comment": "text", "_a": {"b": []}, "comment": 1, "#x": 1, "// y": 2,
        "user": null, "shares": 0, "blocks": "0", "time-limit": 0, "threads": 0})");
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(options.device.cpu_threads, 0u);  // all
    EXPECT_EQ(options.engine.max_shares, 0u);   // any number
}

TEST_F(ConfigFile, PoolsHaveCredentialsOfTheirOwn) {
    const auto loaded = load(R"({"pools": [
        {"url": "stratum+tcp://a:1", "user": "al@ice", "pass": "d=1,x:y"}, {"url": "http://node:8332"},
        {"url": "b:2", "user": "bob", "tls": true}, {"url": "c:3", "enabled": false}]})");
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(options.urls, (std::vector<std::string>{"stratum+tcp://al%40ice:d%3d1%2cx%3ay@a:1",
                                                      "http://node:8332", "stratum+ssl://bob:@b:2"}));
}

// As cgminer 4.10 writes it: every number is a string.
TEST_F(ConfigFile, OfCgminer) {
    const auto loaded = load(R"({"pools": [{"url": "stratum+tcp://a:1", "user": "alice", "pass": "x"}],
        "api-listen": true, "api-port": "4028", "expiry": "30", "intensity": "d", "gpu-threads": "1",
        "log": "5", "no-pool-disable": true, "queue": "1", "retries": "3", "scan-time": "7", "shares": "0",
        "kernel-path": "/usr/local/bin"})");
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(options.urls, std::vector<std::string>{"stratum+tcp://alice:x@a:1"});
    EXPECT_EQ(options.source.retries, 3);
}

// As xmrig 6 writes it.
TEST_F(ConfigFile, OfXmrig) {
    const auto loaded = load(R"({"api": {"id": null}, "http": {"enabled": false}, "autosave": true,
        "background": false, "colors": true, "randomx": {"init": -1}, "cpu": {"enabled": true},
        "opencl": {"enabled": false}, "cuda": {"enabled": false}, "log-file": null, "donate-level": 1,
        "pools": [{"algo": null, "coin": null, "url": "a:1", "user": "W", "pass": "x", "rig-id": null,
            "nicehash": false, "keepalive": true, "enabled": true, "tls": true, "sni": false,
            "tls-fingerprint": null, "daemon": false, "socks5": null, "self-select": null}],
        "retries": 5, "retry-pause": 5, "print-time": 60, "syslog": false, "tls": {"enabled": false},
        "user-agent": null, "verbose": 0, "watch": true})");
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(options.urls, std::vector<std::string>{"stratum+ssl://W:x@a:1"});
    EXPECT_EQ(options.source.retries, 5);
    EXPECT_EQ(options.source.retry_pause.count(), 5000);
    EXPECT_FALSE(options.verbose);
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
    ::testing::Values(
        Wrong{"", "not JSON"}, Wrong{"{", "line 1, column 2"}, Wrong{"[]", "object"},
        Wrong{R"({"blocs": 1})", "nearest is 'blocks'"}, Wrong{R"({"config": "x"})", "unknown key"},
        Wrong{R"({"help": true})", "unknown key"}, Wrong{R"({"blocks": "many"})", "blocks"},
        Wrong{R"({"blocks": -1})", "blocks"}, Wrong{R"({"user": ["a", "b"]})", "wrong type"},
        Wrong{R"({"url": {"a": 1}})", "wrong type"}, Wrong{R"({"url": [["a"]]})", "wrong type"},
        Wrong{R"({"foobar": 1})", "(expected: a flag's name)"},
        Wrong{R"({"algo": "rx/0"})", "algorithm is 'rx/0'"},
        Wrong{R"({"pools": [{"url": "a:1", "algo": "kawpow"}]})", "pools[0]: the algorithm"},
        Wrong{R"({"pools": [{"url": "a:1"}], "url": "b:1"})", "both 'url' and 'pools'"},
        Wrong{R"({"pools": []})", "'pools'"}, Wrong{R"({"pools": {"url": "a:1"}})", "'pools'"},
        Wrong{R"({"pools": ["a:1"]})", "pools[0]"}, Wrong{R"({"pools": [{"user": "w"}]})", "has no url"},
        Wrong{R"({"pools": [{"url": "a:1", "pass": "x"}]})", "pass without a user"},
        Wrong{R"({"pools": [{"url": "a:1"}, {"url": ["b:2"]}]})", "pools[1]: key 'url'"},
        Wrong{R"({"pools": [{"url": "a:1", "usr": "w"}]})", "(expected: 'user')"},
        Wrong{R"({"pools": [{"url": "a:1", "enabled": false}]})", "none is enabled"},
        Wrong{R"({"network": "simnet"})", "network"},
        Wrong{"{\n  \"blocks\": 1\n  \"shares\": 2\n}", "line 3, column"},
        Wrong{R"({"threads": 1, "threads": 2})", "key 'threads' is there twice"},
        Wrong{R"({"pools": [{"url": "a:1", "url": "b:1"}]})", "key 'url' is there twice"},
        Wrong{R"({"quiet": ""})", "(expected: true or false)"},
        Wrong{R"({"quiet": 1.5})", "(expected: true or false)"},
        Wrong{R"({"quiet": [true]})", "(expected: true or false)"},
        Wrong{R"({"tls-insecure": "maybe"})", "tls-insecure"},
        Wrong{R"({"proxy": ""})", "--proxy: the value is empty"}, Wrong{"\xff\xfe\x00", "not JSON"}));

// The keys of different objects, and comments, may be equal.
TEST_F(ConfigFile, KeysOfDifferentObjectsMayBeEqual) {
    const auto loaded = load(R"({"//": 1, "//": 2, "pools": [{"url": "a:1"}, {"url": "b:1"}]})");
    ASSERT_TRUE(loaded) << loaded.error().text();
}

TEST_F(ConfigFile, ADirectoryIsNamed) {
    const auto loaded = apply_config_file(app, ::testing::TempDir());
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().text().find("cannot be read"), std::string::npos) << loaded.error().text();
}

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
