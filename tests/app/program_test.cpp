// The program as its user sees it: exit codes, and one clear line per error.
#include <array>
#include <cstdio>
#include <filesystem>
#include <span>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "support/small_chain.h"
#include "util/hex.h"

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
        Case{"", 0, "Subcommands:"}, Case{"help", 0, "Subcommands:"}, Case{"help bench", 0, "--duration"},
        Case{"help nosuch", 1, "no subcommand 'nosuch'"}, Case{"mine --color blue", 1, "--color"},
        Case{"mine --api-port 4028", 1, "write --api"}, Case{"mien", 1, "'mine'"},
        Case{"mine --bloks 3", 1, "'--blocks'"}, Case{"mine --blocks 0", 1, "above 0"},
        Case{"mine --blocks", 1, "--blocks: its value is missing"},
        Case{"mine -t 1 -t 2", 1, "--threads: 2 values (expected: one)"},
        Case{"mine -d cpu --devices cuda", 1, "--devices: 2 values (expected: one)"},
        Case{"mine --quiet=maybe", 1, "--quiet: cannot be 'maybe'"},
        Case{"mine -o http://h:99999", 1, "99999"}, Case{"mine -o ftp://h:1", 1, "unknown scheme 'ftp'"},
        Case{"mine -o http://bob:secret@h:port", 1, "bad port"},
        Case{"mine --network regtest", 1, "without a URL"}, Case{"mine --network foo", 1, "--network"},
        Case{"mine --peer nonsense", 1, "--peer"}, Case{"mine -d gpu:9", 1, "gpu:9"},
        Case{"mine -c /nonexistent", 1, "/nonexistent"},
        Case{"mine -c ''", 1, "--config: the value is empty"},
        Case{"mine --data-dir ''", 1, "--data-dir: the value is empty"},
        Case{"mine -x ''", 1, "--proxy: the value"}, Case{"mine -d ''", 1, "--devices: the value is empty"},
        Case{"mine --http=", 1, "--http"},
        Case{"chain status --data-dir ''", 1, "--data-dir: the value is empty"},
        Case{"chain verify --data-dir /nonexistent", 1, "no headers are stored"},
        Case{"chain status --data-dir /nonexistent", 0, "headers     none in /nonexistent/main"},
        Case{"mine --data-dir /proc/lode", 1, "/proc/lode"}, Case{"bench -d nothing", 1, "nothing"},
        Case{"bench --duration x", 1, "--duration"},
        Case{"mine -d cpu --coinbase-addr xx", 1, "--coinbase-addr: coinbase address: address 'xx'"},
        Case{"mine -o http://127.0.0.1:1", 1, "--coinbase-addr: "}, Case{"mine -o h:1", 1, "-u: "},
        Case{"mine -o h:1 -u w -x http://h", 1, "-x: "}, Case{"mine -o ://h", 1, "-o: URL: "},
        Case{"bench --duration nan", 1, "'nan' is not a number of seconds"},
        Case{"mine --time-limit inf", 1, "'inf' is not a number of seconds"},
        Case{"mine --time-limit nan", 1, "'nan' is not a number of seconds"},
        Case{"mine --retry-pause nan", 1, "'nan' is not a number of seconds"},
        Case{"-o h:1 -u w", 1, "write 'lode mine -o ...'"}, Case{"mine -a sha256d", 1, "SHA-256d only"},
        Case{"mine --algo=sha256d", 1, "SHA-256d only"}, Case{"mine --benchmark", 1, "write 'lode bench'"},
        Case{"mine -O u:p -o h:1", 1, "write -u USER -p PASS"}, Case{"mine -Ou:p", 1, "write -u USER"},
        Case{"mine --btc-address xx", 1, "write --coinbase-addr"}, Case{"mine -I 9", 1, "--gpu-intensity"},
        Case{"mine --donate-level=1", 1, "nothing is donated"}, Case{"mine -B", 1, "'-B'; see --help"},
        Case{"mine --foo", 1, "'--foo'; see --help"}, Case{"mine zzzz", 1, "'zzzz'; see --help"},
        Case{"mine -o a:1 -u x -u y", 1, "--user: given twice for a:1"}, Case{"mine -t 4097", 1, "--threads"},
        Case{"mine --cpu-affinity 3-0", 1, "--cpu-affinity: '3-0' has a range that runs backwards"},
        Case{"mine --cpu-affinity 0x5", 1, "'0x5' is a mask (expected: a list: 0,2)"},
        Case{"mine -d cpu --cpu-affinity 65535", 1, "CPU affinity: CPU 65535 is not one that this process"},
        Case{"bench -d cpu -t 4096 --cpu-affinity 0", 1, "CPU affinity: "},
        Case{"mine --cpu-priority 6", 1, "--cpu-priority"},
        Case{"mine --cpu-no-yield", 1, "--cpu-priority 0"}, Case{"doctor", 1, "url is required"},
        Case{"doctor ftp://h:1", 1, "unknown scheme 'ftp'"}, Case{"doctor h:1", 1, "-u: h:1: no user"},
        Case{"doctor h -u w", 1, "no port"}, Case{"doctor local -u w", 1, "no port"},
        Case{"doctor h:1 -u w --expect-addr xx", 1, "address 'xx'"},
        Case{"doctor 127.0.0.1:1 -u w", 2, "Connection refused"},
        Case{"doctor http://127.0.0.1:1", 2, "Connection refused"},
        Case{"mine --user-agent \"$(printf '\\001')\"", 1, "not up to 100 printable"},
        Case{"mine --suggest-diff inf", 1, "'inf' is not a number above 0"},
        Case{"mine --http example.org:1", 1, "--http: HTTP server on example.org:1: not an IP address"},
        Case{"mine --http 0.0.0.0:0", 1, "--http: the HTTP address can be reached by others"},
        Case{"mine --http 0 --http-token secret", 1, "--http-token: the HTTP token cannot be used"},
        Case{"mine --api 99999", 1, "--api: API address: "},
        Case{"mine --api-allow W:127.0.0.1", 1, "--api "},
        Case{"mine --api 1 --api-allow x", 1, "--api-allow: API access list: 'x' is no address"},
        Case{"mine --api 1 --api-groups W:quit", 1, "--api-groups: API group 'W:quit'"},
        Case{"mine --gpu-intensity nan", 1, "'nan' is not a number from 0.01 to 1"}));

// What the parser calls its checks says nothing to a person.
TEST(Program, HelpIsForPeople) {
    for (const char* arguments :
         {"--help", "mine --help", "bench --help", "devices --help", "chain import --help"}) {
        const Ran ran = run(arguments);
        EXPECT_EQ(ran.code, 0);
        for (const char* noise : {"{false}", " in [", "INT:", "UINT:", "TEXT:", "FLOAT:", ":{"})
            EXPECT_EQ(ran.output.find(noise), std::string::npos) << arguments << ": " << noise << "\n"
                                                                 << ran.output;
    }
}

// More than the clock can count: it mines on until the blocks are there.
TEST(Program, AHugeTimeLimitIsNoneAtAll) {
    for (const char* seconds : {"1e10", "1e17"}) {
        const test::TemporaryDir dir;
        const Ran ran = run("mine -d cpu -t 1 --blocks 1 --format json --time-limit " + std::string(seconds) +
                            " --data-dir " + dir.path() + " 2>/dev/null");
        EXPECT_EQ(ran.code, 0) << ran.output;
        EXPECT_NE(ran.output.find("\"blocks\":1,"), std::string::npos) << seconds << ": " << ran.output;
    }
}

TEST(Program, FailsWhereOutputCannotBeWritten) {
    const test::TemporaryDir dir;
    for (const std::string arguments :
         {"--help", "--version", "config example", "mine --help", "devices --format json",
          "mine -d cpu -t 1 --blocks 1 --format json"}) {
        const std::string data = arguments.starts_with("mine -d") ? " --data-dir " + dir.path() : "";
        const Ran ran = run(arguments + data + " 2>&1 >/dev/full");
        EXPECT_EQ(ran.code, 1) << arguments << ": " << ran.output;
        EXPECT_NE(ran.output.find("standard output: "), std::string::npos) << arguments << ": " << ran.output;
    }
}

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

std::string hex(const BlockHeader& header) {
    return util::to_hex(header.serialize());
}

// Headers of regtest, the first at height 6, in a file, and what `lode chain` makes of them.
class ProgramImport : public ::testing::Test {
 protected:
    ProgramImport() {
        for (const auto& header : std::span(headers).subspan(5)) text += hex(header) + "\n";
        write(text);
    }
    void write(const std::string& content) const {
        test::write_bytes(dir.path() + "/in", {content.begin(), content.end()});
    }
    [[nodiscard]] Ran import(const std::string& checkpoint) const {
        return run("chain import " + dir.path() + "/in --network regtest --data-dir " + dir.path() +
                   (checkpoint.empty() ? "" : " --checkpoint " + checkpoint) + " 2>&1");
    }
    [[nodiscard]] bool stored() const { return std::filesystem::exists(dir.path() + "/regtest/headers.dat"); }
    [[nodiscard]] std::string at(int height, const std::string& work) const {
        return std::to_string(height) + ":" + headers[5].hash().hex() + ":" + work;
    }

    const std::vector<BlockHeader> headers = test::regtest_headers(12);
    const test::TemporaryDir dir;
    std::string text;
};

TEST_F(ProgramImport, ARefusedCheckpointWritesNothing) {
    for (const auto& [checkpoint, says] :
         {std::pair(at(6, "f"), "work f (expected: exactly e for 7 blocks on regtest)"),
          std::pair(at(7, "e"), "work e (expected: exactly 10 for 8 blocks"),
          std::pair(at(6, std::string(64, 'f')), "expected: at most 1000"),
          std::pair(std::string("0:0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206:ff"),
                    "none of the file's 7 headers is 0f9188")}) {
        const Ran ran = import(checkpoint);
        EXPECT_EQ(ran.code, 1) << ran.output;
        EXPECT_NE(ran.output.find(says), std::string::npos) << ran.output;
        EXPECT_FALSE(stored());
    }
}

// The file breaks off after its checkpoint: what came before that is not kept either.
TEST_F(ProgramImport, ACheckpointWhoseHeadersAreRefusedWritesNothing) {
    write(text + "junk\n");
    const Ran ran = import(at(6, "e"));
    EXPECT_EQ(ran.code, 1) << ran.output;
    EXPECT_NE(ran.output.find("nothing was stored"), std::string::npos) << ran.output;
    EXPECT_FALSE(stored());
}

TEST_F(ProgramImport, HeadersBeforeTheCheckpointAreCounted) {
    std::string whole;
    for (const auto& header : headers) whole += hex(header) + "\n";
    write(whole);
    EXPECT_NE(import(at(6, "10")).output.find("expected: exactly e"), std::string::npos);
    const Ran ran = import(at(6, "e"));
    EXPECT_EQ(ran.code, 0) << ran.output;
    EXPECT_NE(ran.output.find("5 headers before the checkpoint are not stored"), std::string::npos)
        << ran.output;
    EXPECT_NE(run("chain status --network regtest --data-dir " + dir.path())
                  .output.find("from a checkpoint at height 6"),
              std::string::npos);
}

// A node's block file with its xor.dat beside it; without it the file is named, not read.
TEST_F(ProgramImport, AnObfuscatedBlockFile) {
    const auto block = test::coinbase_block(
        test::mine_after(chain::ChainTracker(*chain::find_network("regtest")), 0, 1300000000), 1);
    std::string file = "\xfa\xbf\xb5\xda";
    for (unsigned i = 0; i < 4; ++i) file += static_cast<char>(block.size() >> (8 * i));
    file.append(block.begin(), block.end());
    const std::string key = "\x01\x23\x45\x67\x89\xab\xcd\xef";
    for (std::size_t i = 0; i < file.size(); ++i) file[i] = static_cast<char>(file[i] ^ key[i % 8]);
    write(file);
    EXPECT_NE(import("").output.find("its xor.dat is needed"), std::string::npos);
    EXPECT_FALSE(stored());
    test::write_bytes(dir.path() + "/xor.dat", {key.begin(), key.end()});
    const Ran ran = import("");
    EXPECT_EQ(ran.code, 0) << ran.output;
    EXPECT_NE(ran.output.find("1 headers read (obfuscated blocks)"), std::string::npos) << ran.output;
    test::write_bytes(dir.path() + "/xor.dat", {1, 2, 3});
    EXPECT_NE(import("").output.find("3 bytes (expected: a key of 8)"), std::string::npos);
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
    const Ran ran = run("bench -d cpu:portable -t 1 --duration 2 --format json 2>/dev/null");
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
