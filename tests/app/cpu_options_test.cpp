#include "app/cpu_options.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#if defined(__linux__)
#include <sched.h>
#include <signal.h>
#endif

#include "support/small_chain.h"

namespace lode::app {
namespace {

using ::testing::ElementsAre;

TEST(CpuList, NumbersAndRanges) {
    EXPECT_THAT(*parse_cpu_list("0"), ElementsAre(0));
    EXPECT_THAT(*parse_cpu_list("0-3,8"), ElementsAre(0, 1, 2, 3, 8));
    EXPECT_THAT(*parse_cpu_list("5,2"), ElementsAre(5, 2));  // the order of the threads
    EXPECT_THAT(*parse_cpu_list("7-7"), ElementsAre(7));
    EXPECT_THAT(*parse_cpu_list("0-6:2,1"), ElementsAre(0, 2, 4, 6, 1));
    EXPECT_THAT(*parse_cpu_list("1-2:4294967295"), ElementsAre(1));
    EXPECT_EQ(parse_cpu_list("0-65535")->size(), 65536u);
}

TEST(CpuList, OneErrorSaysWhatIsWrong) {
    for (const auto& [text, says] :
         {std::pair("3-1", "'3-1' has a range that runs backwards"), std::pair("0-3,2", "has CPU 2 twice"),
          std::pair("0-3:0", "has a step of 0"), std::pair("65536", "has a CPU beyond 65535"),
          std::pair("0x3", "'0x3' is a mask (expected: a list: 0,1)"), std::pair("0xzz", "is a mask"),
          std::pair("99999999999", "is not a list of CPUs"), std::pair("", "is not a list of CPUs"),
          std::pair("0,", "is not a list"), std::pair(",0", "is not a list"),
          std::pair("1-", "is not a list"), std::pair("-1", "is not a list"),
          std::pair("0 1", "is not a list"), std::pair("0-2:", "is not a list"),
          std::pair("1:2", "is not a list"), std::pair("a", "is not a list"),
          std::pair("all", "is not a list")}) {
        const auto parsed = parse_cpu_list(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_NE(parsed.error().text().find(says), std::string::npos) << parsed.error().text();
    }
}

TEST(CpuOptions, OnTheCommandLine) {
    CLI::App command("test");
    DeviceOptions options;
    add_cpu_options(command, options, "");
    command.parse("-t 2 --cpu-affinity 4,6 --cpu-priority 0", false);
    EXPECT_EQ(options.cpu_threads, 2u);
    EXPECT_THAT(options.cpu_affinity, ElementsAre(4, 6));
    EXPECT_EQ(options.cpu_priority, 0u);
    EXPECT_THROW(command.parse("--cpu-priority 6", false), CLI::ParseError);
    EXPECT_THROW(command.parse("--cpu-affinity 1-0", false), CLI::ParseError);
}

#if defined(__linux__)
// lode mine -d cpu:portable with these options, from when the device is open.
class Miner {
 public:
    explicit Miner(const std::string& options) {
        const std::string command = "echo $$; exec " LODE_PROGRAM
                                    " mine -d cpu:portable --format json --data-dir " +
                                    dir_.path() + " " + options;
        pipe_ = popen(command.c_str(), "r");
        pid_ = std::stoi(line());
        for (std::string said = line(); !said.empty(); said = line())
            if (said.find("\"state\":\"running\"") != std::string::npos) return;
        ADD_FAILURE() << "no device was opened: " << command;
    }
    ~Miner() {
        kill(pid_, SIGTERM);
        while (!line().empty()) continue;
        pclose(pipe_);
    }
    Miner(const Miner&) = delete;
    Miner& operator=(const Miner&) = delete;

    struct Thread {
        std::string cpus;  // "0-3"
        int policy = 0;    // SCHED_IDLE
        bool operator<(const Thread& other) const {
            return std::tie(cpus, policy) < std::tie(other.cpus, other.policy);
        }
    };
    [[nodiscard]] std::multiset<Thread> threads() const {
        std::multiset<Thread> all;
        for (const auto& task :
             std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
            Thread thread;
            std::ifstream status(task.path() / "status");
            for (std::string key, value; status >> key && std::getline(status >> std::ws, value);)
                if (key == "Cpus_allowed_list:") thread.cpus = value;
            thread.policy = sched_getscheduler(std::stoi(task.path().filename()));
            all.insert(thread);
        }
        return all;
    }

 private:
    std::string line() {
        std::array<char, 4096> text{};
        return std::fgets(text.data(), text.size(), pipe_) == nullptr ? "" : text.data();
    }

    test::TemporaryDir dir_;
    FILE* pipe_ = nullptr;
    int pid_ = 0;
};

std::vector<std::string> allowed() {
    cpu_set_t set;
    EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    std::vector<std::string> cpus;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &set)) cpus.push_back(std::to_string(cpu));
    return cpus;
}

TEST(CpuOptions, ThreadsOfTheProgramRunThere) {
    const auto cpus = allowed();
    if (cpus.size() < 2 || sched_getscheduler(0) == SCHED_IDLE) GTEST_SKIP() << "one CPU, or idle already";
    const Miner miner("--cpu-priority 0 --cpu-affinity " + cpus[1] + "," + cpus[0]);
    const auto threads = miner.threads();
    EXPECT_EQ(threads.count({cpus[0], SCHED_IDLE}), 1u);
    EXPECT_EQ(threads.count({cpus[1], SCHED_IDLE}), 1u);
    for (const auto& [where, policy] : threads)  // the rest of the program stays as it was started
        EXPECT_EQ(policy == SCHED_IDLE, where == cpus[0] || where == cpus[1]) << where;
}

TEST(CpuOptions, WithoutThemNothingIsPinned) {
    if (allowed().size() < 2 || sched_getscheduler(0) == SCHED_IDLE) GTEST_SKIP() << "one CPU, or idle";
    const Miner miner("-t 2");
    std::set<std::string> where;
    for (const auto& thread : miner.threads()) {
        where.insert(thread.cpus);
        EXPECT_NE(thread.policy, SCHED_IDLE);
    }
    EXPECT_EQ(where.size(), 1u) << "as the process";
}
#endif

}  // namespace
}  // namespace lode::app
