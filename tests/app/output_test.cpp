// Standard output or standard error is a full pipe that nobody reads: lode keeps mining, and stops when it
// should.
#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "support/small_chain.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

// Not a byte more goes into it, and nobody reads.
class FullPipe {
 public:
    FullPipe() {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0) std::abort();
        ::fcntl(ends_[1], F_SETFL, O_NONBLOCK);
        const std::string bytes(4096, '.');
        for (std::size_t size = bytes.size(); size > 0; size /= 2)
            while (::write(ends_[1], bytes.data(), size) > 0) {
            }
        ::fcntl(ends_[1], F_SETFL, 0);
    }
    FullPipe(const FullPipe&) = delete;
    FullPipe& operator=(const FullPipe&) = delete;
    ~FullPipe() {
        for (const int end : ends_) ::close(end);
    }
    [[nodiscard]] int in() const { return ends_[1]; }

 private:
    std::array<int, 2> ends_{};
};

class Program {
 public:
    Program(std::vector<std::string> arguments, int output, int error) {
        child_ = ::fork();
        if (child_ != 0) return;
        ::dup2(output, STDOUT_FILENO);
        ::dup2(error, STDERR_FILENO);
        std::vector<char*> words{const_cast<char*>(LODE_PROGRAM)};
        for (auto& argument : arguments) words.push_back(argument.data());
        words.push_back(nullptr);
        ::execv(LODE_PROGRAM, words.data());
        _exit(127);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (ended_) return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    void signal(int number) const { ::kill(child_, number); }
    // The exit code, once it has ended; nothing where it has not within the time.
    std::optional<int> wait(std::chrono::seconds limit) {
        const auto end = std::chrono::steady_clock::now() + limit;
        int status = 0;
        while (!ended_ && std::chrono::steady_clock::now() < end) {
            ended_ = ::waitpid(child_, &status, WNOHANG) == child_;
            if (!ended_) std::this_thread::sleep_for(20ms);
        }
        if (!ended_) return std::nullopt;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

 private:
    pid_t child_ = -1;
    bool ended_ = false;
};

std::int64_t stored_height(const std::string& directory) {
    const std::string command =
        LODE_PROGRAM " chain status --network local --format json --data-dir " + directory;
    std::string text(4096, '\0');
    FILE* pipe = ::popen(command.c_str(), "r");
    text.resize(std::fread(text.data(), 1, text.size(), pipe));
    ::pclose(pipe);
    return nlohmann::json::parse(text)["height"];
}

struct UnreadPipe {
    const char* format;
    bool output;  // standard output is the full pipe, else standard error
};
void PrintTo(const UnreadPipe& c, std::ostream* out) {
    *out << c.format << (c.output ? ", standard output" : ", standard error");
}

class NobodyReads : public ::testing::TestWithParam<UnreadPipe> {};

TEST_P(NobodyReads, BlocksAreMinedAndStoredAndTheTimeLimitHolds) {
    const test::TemporaryDir dir;
    const FullPipe full;
    const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    Program lode({"mine", "-d", "cpu", "-t", "1", "-v", "--time-limit", "4", "--format", GetParam().format,
                  "--data-dir", dir.path()},
                 GetParam().output ? full.in() : null, GetParam().output ? null : full.in());
    EXPECT_EQ(lode.wait(60s), 0);
    EXPECT_GE(stored_height(dir.path()), 1);
    ::close(null);
}

INSTANTIATE_TEST_SUITE_P(Streams, NobodyReads,
                         ::testing::Values(UnreadPipe{"text", true}, UnreadPipe{"text", false},
                                           UnreadPipe{"json", true}, UnreadPipe{"json", false}));

// A descriptor that is closed would be the next file's, and the blocks' file would get the lines.
TEST(ClosedStreams, AreNoFilesOfIts) {
    const test::TemporaryDir dir;
    const std::string mine = LODE_PROGRAM " mine -d cpu -t 1 --time-limit 4 --data-dir " + dir.path();
    FILE* pipe = ::popen(
        ("(exec " + mine + " <&- >&- 2>&-) & sleep 2; readlink /proc/$!/fd/[012]; wait $!; echo $?").c_str(),
        "r");
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), pipe));
    ::pclose(pipe);
    EXPECT_EQ(text, "/dev/null\n/dev/null\n/dev/null\n0\n");
}

TEST(NobodyReads, CtrlCEndsIt) {
    const test::TemporaryDir dir;
    const FullPipe full;
    Program lode({"mine", "-d", "cpu", "-t", "1", "--data-dir", dir.path()}, full.in(), full.in());
    EXPECT_EQ(lode.wait(3s), std::nullopt);
    lode.signal(SIGINT);
    EXPECT_EQ(lode.wait(60s), 0);
}

}  // namespace
}  // namespace lode::app
