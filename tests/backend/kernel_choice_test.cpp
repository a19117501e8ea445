#include "backend/cpu/kernel_choice.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "backend/cache.h"

namespace lode::backend::cpu {
namespace {

class KernelChoice : public testing::Test {
 protected:
    void SetUp() override { std::filesystem::remove_all(options_.cache_dir); }
    void TearDown() override { std::filesystem::remove_all(options_.cache_dir); }
    void write(const std::string& text) { write_cached(options_, "cpu-kernel", text); }
    std::string read() { return read_cached(options_, "cpu-kernel", 1024).value_or(""); }

    BackendOptions options_{
        .cpu_threads = 0,
        .cache_dir = testing::TempDir() + "lode-kernel-choice-" + std::to_string(getpid()),
        .retune = false,
        .progress = {}};
};

TEST_F(KernelChoice, IsMeasuredOnceAndRemembered) {
    const auto first = choose_kernel(options_);
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->kernel.runnable);
    EXPECT_GT(first->rate, 0);
    EXPECT_EQ(first->failed, "");
    // A remembered rate that no machine would measure comes back: nothing was measured again.
    const std::string kept = read();
    ASSERT_EQ(kept.find(build_key()), 0u);
    write(kept.substr(0, kept.rfind('\n', kept.size() - 2) + 1) + "portable 12345\n");
    const auto second = choose_kernel(options_);
    EXPECT_STREQ(second->kernel.name, "portable");
    EXPECT_EQ(second->rate, 12345);
    options_.retune = true;
    EXPECT_NE(choose_kernel(options_)->rate, 12345);
}

TEST_F(KernelChoice, WhatTheCacheHoldsIsNotTrusted) {
    ASSERT_TRUE(choose_kernel(options_));
    const std::string kept = read();
    const std::string key = kept.substr(0, kept.rfind('\n', kept.size() - 2) + 1);
    for (const std::string& bad : {key + "quantum 5\n", key, key + "portable\n", std::string("lode 0.0.1\n"),
                                   std::string(5000, 'x'), std::string()}) {
        write(bad);
        const auto choice = choose_kernel(options_);
        ASSERT_TRUE(choice);
        EXPECT_EQ(read().find(key), 0u) << "not measured again after: " << bad.substr(0, 40);
        EXPECT_GT(choice->rate, 5);
    }
}

TEST_F(KernelChoice, AnUnwritableCacheOnlyCostsTime) {
    options_.cache_dir = "/proc/no-such-directory";
    EXPECT_TRUE(choose_kernel(options_));
    EXPECT_EQ(read(), "");
}

}  // namespace
}  // namespace lode::backend::cpu
