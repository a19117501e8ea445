// The program as its user meets it: exit codes and one clear line for what is wrong.
#include <array>
#include <cstdio>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "support/small_chain.h"

namespace lode::app {
namespace {

struct Ran {
    int code = -1;
    std::string output;  // both streams
};

Ran run(const std::string& arguments, const std::string& before = "") {
    Ran ran;
    const std::string command = before + LODE_PROGRAM + " " + arguments;
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return ran;
    std::array<char, 4096> buffer{};
    while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        ran.output.append(buffer.data(), n);
    const int status = pclose(pipe);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

struct Case {
    const char* arguments;
    int code;
    const char* says;
};

// What ctest shows of a case.
void PrintTo(const Case& c, std::ostream* out) {
    *out << '"' << c.arguments << '"';
}

class Usage : public ::testing::TestWithParam<Case> {};

TEST_P(Usage, OneLineAndAnExitCode) {
    const Ran ran = run(std::string(GetParam().arguments) + " 2>&1");
    EXPECT_EQ(ran.code, GetParam().code) << ran.output;
    EXPECT_NE(ran.output.find(GetParam().says), std::string::npos) << ran.output;
    if (GetParam().code != 0) {
        EXPECT_EQ(std::count(ran.output.begin(), ran.output.end(), '\n'), 1) << ran.output;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Usage,
    ::testing::Values(
        Case{"--version", 0, "lode 0."}, Case{"--help", 0, "mine"}, Case{"mine --help", 0, "Examples:"},
        Case{"", 1, "subcommand"}, Case{"mien", 1, "'mine'"}, Case{"mine --bloks 3", 1, "'--blocks'"},
        Case{"mine --blocks 0", 1, "above 0"}, Case{"mine --blocks", 1, "--blocks"},
        Case{"mine -o http://h:99999", 1, "99999"}, Case{"mine -o ftp://h:1", 1, "unknown scheme 'ftp'"},
        Case{"mine -o http://bob:secret@h:port", 1, "bad port"},
        Case{"mine --network regtest", 1, "without a URL"}, Case{"mine --network foo", 1, "--network"},
        Case{"mine --peer nonsense", 1, "--peer"}, Case{"mine -d gpu:9", 1, "gpu:9"},
        Case{"mine -c /nonexistent", 1, "/nonexistent"}, Case{"mine --data-dir /proc/lode", 1, "/proc/lode"},
        Case{"bench -d nothing", 1, "nothing"}, Case{"bench --duration x", 1, "--duration"}));

TEST(Program, CredentialsAreNotRepeated) {
    EXPECT_EQ(run("mine -o http://bob:secret@h:port 2>&1").output.find("secret"), std::string::npos);
}

// The file's word counts like the flag's: a refused connection here, not a local chain.
TEST(Program, TheConfigurationFileCounts) {
    const Ran ran = run("mine -c " LODE_SOURCE_DIR "/configs/pool.json -r 0 --data-dir " +
                        ::testing::TempDir() + "lode_program_test --time-limit 5 2>&1");
    EXPECT_EQ(ran.code, 2) << ran.output;
    EXPECT_NE(ran.output.find("127.0.0.1:3334"), std::string::npos) << ran.output;
}

// A file that begins at a genesis needs no --network, whatever the data directory holds.
TEST(Program, ImportSeesTheNetwork) {
    const test::TemporaryDir dir;
    const auto import = [&](const char* time_bits_nonce, const std::string& more) {
        const std::string genesis = "01000000" + std::string(64, '0') +
                                    "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a" +
                                    time_bits_nonce;
        return run("chain import - --data-dir " + dir.path() + more + " 2>&1 << END\n" + genesis + "\nEND");
    };
    const char* const regtest = "dae5494dffff7f2002000000";
    const char* const main = "29ab5f49ffff001d1dac2b7c";
    for (const char* more : {"", " --network regtest"}) {
        const Ran ran = import(regtest, more);
        EXPECT_EQ(ran.code, 0) << ran.output;
        EXPECT_EQ(ran.output.find("regtest: 1 headers read"), 0u) << ran.output;
    }
    const Ran wrong = import(main, " --network regtest");
    EXPECT_EQ(wrong.code, 1);
    EXPECT_NE(wrong.output.find("line 1: is the genesis of main (expected: regtest)"), std::string::npos)
        << wrong.output;
    EXPECT_EQ(import(main, "").output.find("main: 1 headers read"), 0u);
}

// A limit on file sizes (ulimit -f) is not the end by SIGXFSZ.
TEST(Program, WhatCannotBeWrittenIsAnError) {
    const test::TemporaryDir dir;
    const std::string mine = "mine -d cpu -t 1 --time-limit 60 --data-dir " + dir.path();
    const Ran stored = run(mine + " 2>&1", "ulimit -f 1; ");
    EXPECT_EQ(stored.code, 1) << stored.output;
    EXPECT_NE(stored.output.find("could not be stored"), std::string::npos) << stored.output;
    EXPECT_NE(stored.output.find("File too large"), std::string::npos) << stored.output;
    const Ran said = run(mine + " 2>&1 >/dev/full");
    EXPECT_EQ(said.code, 1) << said.output;
    EXPECT_NE(said.output.find("standard output: No space left"), std::string::npos) << said.output;
    EXPECT_EQ(run("chain verify --network local --data-dir " + dir.path()).code, 0);
}

TEST(Program, DevicesAsJson) {
    const Ran ran = run("devices --format json 2>/dev/null");
    EXPECT_EQ(ran.code, 0);
    bool cpu = false;
    for (std::size_t at = 0; at < ran.output.size();) {
        const std::size_t end = ran.output.find('\n', at);
        const auto object = nlohmann::json::parse(ran.output.substr(at, end - at));
        EXPECT_TRUE(object.contains("device") && object.contains("backend") && object.contains("name"));
        cpu |= object["device"] == "cpu" && object["status"] == "ok";
        at = end + 1;
    }
    EXPECT_TRUE(cpu);
}

TEST(Program, BenchAsJson) {
    const Ran ran = run("bench -d cpu:portable -t 1 --duration 0.2 --format json 2>/dev/null");
    EXPECT_EQ(ran.code, 0);
    const auto object = nlohmann::json::parse(ran.output);
    EXPECT_EQ(object["device"], "cpu");
    EXPECT_EQ(object["kernel"], "portable");
    EXPECT_EQ(object["threads"], 1);
    EXPECT_GT(object["hashrate"].get<double>(), 0);
    EXPECT_GT(object["checked"].get<std::uint64_t>(), 1000u);
}

}  // namespace
}  // namespace lode::app
