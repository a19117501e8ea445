#include "app/best_difficulty.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <gtest/gtest.h>

namespace lode::app {
namespace {

namespace fs = std::filesystem;

class BestDifficultyTest : public testing::Test {
 protected:
    void SetUp() override { fs::create_directories(folder_); }
    void TearDown() override { fs::remove_all(folder_); }
    [[nodiscard]] std::string file() const { return (folder_ / "best-difficulty").string(); }
    void put(const std::string& content) const { std::ofstream(file(), std::ios::binary) << content; }
    [[nodiscard]] double read() const { return BestDifficulty(folder_.string()).value(); }
    [[nodiscard]] std::string content() const {
        std::ifstream stream(file());
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    // Of its own: tests run side by side.
    fs::path folder_ = fs::path(testing::TempDir()) / ("lode_best_" + std::to_string(getpid()));
};

TEST_F(BestDifficultyTest, IsKeptFromSessionToSession) {
    EXPECT_EQ(read(), 0);
    {
        BestDifficulty best(folder_.string());
        best.offer(12.5);
        best.offer(3);
        EXPECT_EQ(best.value(), 12.5);
    }
    EXPECT_EQ(content(), "12.5\n");
    {
        BestDifficulty best(folder_.string());
        EXPECT_EQ(best.value(), 12.5);
        best.offer(1);
    }
    EXPECT_EQ(read(), 12.5);
    BestDifficulty(folder_.string()).offer(1e20);
    EXPECT_EQ(read(), 1e20);
}

TEST_F(BestDifficultyTest, ABetterOneOfAnotherProcessStays) {
    {
        BestDifficulty best(folder_.string());
        put("500\n");
        best.offer(7);
    }
    EXPECT_EQ(content(), "500\n");
}

TEST_F(BestDifficultyTest, WhatIsNoDifficultyCountsAsNone) {
    for (const char* hostile :
         {"", "\n", "nan\n", "inf\n", "-1\n", "0\n", "1e999\n", "1e300\n", "12", "12\nx", "0x10\n", "{}\n",
          "\x1b[2J\n", "999999999999999999999999999999999999999999999999999999999999999999999999\n"}) {
        put(hostile);
        EXPECT_EQ(read(), 0) << hostile;
    }
    put(std::string("7\0\n", 3));
    EXPECT_EQ(read(), 0);
    fs::remove(file());
    fs::create_directory(file());
    EXPECT_EQ(read(), 0);
    BestDifficulty(folder_.string()).offer(7);  // cannot be written, which is no reason to stop
    EXPECT_EQ(read(), 0);
}

}  // namespace
}  // namespace lode::app
