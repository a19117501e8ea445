#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "lode/job.h"

namespace lode {
namespace {

TEST(SearchSpace, CountsUpFromZeroAndStopsAtTheEndOfARoll) {
    SearchSpace space(2);
    auto a = space.claim(1000);
    ASSERT_TRUE(a);
    EXPECT_EQ(a->roll, 0u);
    EXPECT_EQ(a->first, 0u);
    EXPECT_EQ(a->count, 1000u);
    a = space.claim(std::uint64_t{1} << 40);
    EXPECT_EQ(a->first, 1000u);
    EXPECT_EQ(a->count, (std::uint64_t{1} << 32) - 1000);
    a = space.claim(7);
    EXPECT_EQ(a->roll, 1u);
    EXPECT_EQ(a->first, 0u);
    (void)space.claim(std::uint64_t{1} << 32);
    EXPECT_FALSE(space.claim(1));
    EXPECT_TRUE(space.exhausted());
}

TEST(SearchSpace, StartsWhereItIsTold) {
    SearchSpace space(100, 5, 0xfffffff0u);
    const auto a = space.claim(100);
    EXPECT_EQ(a->roll, 5u);
    EXPECT_EQ(a->first, 0xfffffff0u);
    EXPECT_EQ(a->count, 16u);
    EXPECT_EQ(space.claim(1)->roll, 6u);
}

TEST(SearchSpace, AZeroClaimStillMoves) {
    EXPECT_EQ(SearchSpace(1).claim(0)->count, 1u);
}

TEST(SearchSpace, ThreadsNeverShareANonce) {
    SearchSpace space(3);
    std::mutex mutex;
    std::vector<SearchSpace::Claim> all;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                std::vector<SearchSpace::Claim> mine;
                while (auto claim = space.claim(400'000'000 + 1'000'003 * static_cast<unsigned>(t)))
                    mine.push_back(*claim);
                const std::scoped_lock lock(mutex);
                all.insert(all.end(), mine.begin(), mine.end());
            });
    }
    std::ranges::sort(all, {}, [](const auto& c) { return c.roll << 32 | c.first; });
    std::uint64_t next = 0;
    for (const auto& claim : all) {
        EXPECT_EQ(claim.roll << 32 | claim.first, next);
        next += claim.count;
    }
    EXPECT_EQ(next, std::uint64_t{3} << 32);
}

}  // namespace
}  // namespace lode
