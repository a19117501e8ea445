// Simulates the local chain's parameters with devices of many speeds: block times are drawn at random, the
// rules are the real ones.
#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "chain/target.h"
#include "support/fake_ancestors.h"

namespace lode::chain {
namespace {

struct Mined {
    double at_block_20 = 0;  // seconds
    bool retarget_within_20 = false;
    double spacing_after_60 = 0;  // seconds a block, mean over five minutes from the first minute on
    double most_ahead = 0;        // seconds that header time was ahead of the clock
};

// A miner that takes max(its clock, the earliest time allowed) and, if `waits`, never mines ahead of its
// clock.
Mined mine(double hashes_per_second, bool waits, unsigned seed) {
    constexpr double kHandover = 0.01;  // from a block to the next job
    constexpr double kEnd = 360;
    const Network& local = *find_network("local");
    const std::uint32_t start = local.genesis.time + 30'000'000;
    std::mt19937_64 random(seed);
    test::FakeAncestors chain;
    chain.add(local.genesis.time, local.genesis.bits);
    Mined result;
    double now = 0;
    int late_blocks = 0;
    while (now < kEnd) {
        const std::uint32_t earliest = *earliest_time(local, chain);
        if (waits && earliest > start + now) now = earliest - start;
        const std::uint32_t time = std::max(earliest, start + static_cast<std::uint32_t>(now));
        const std::uint32_t bits = *required_bits(local, chain, time);
        result.most_ahead = std::max(result.most_ahead, static_cast<double>(time) - start - now);
        if (bits != local.pow_limit_bits && chain.height() < 20) result.retarget_within_20 = true;
        const double hashes = work_of_bits(bits).to_double();
        now += kHandover + std::exponential_distribution(hashes_per_second / hashes)(random);
        chain.add(time, bits);
        if (chain.height() == 20) result.at_block_20 = now;
        if (now > 60 && now < kEnd) ++late_blocks;
    }
    result.spacing_after_60 = (kEnd - 60) / late_blocks;
    return result;
}

class LocalNetwork : public testing::TestWithParam<double> {};

TEST_P(LocalNetwork, SettlesWithinAMinuteAndHeadersKeepToTheClock) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const Mined mined = mine(GetParam(), true, seed);
        EXPECT_LT(mined.at_block_20, 40) << seed;
        EXPECT_TRUE(mined.retarget_within_20) << seed;
        EXPECT_GT(mined.spacing_after_60, 1.2) << seed;
        EXPECT_LT(mined.spacing_after_60, 3.5) << seed;
        EXPECT_LE(mined.most_ahead, 0.001) << seed;
    }
}
// From a portable kernel on two cores to far more than a GPU.
INSTANTIATE_TEST_SUITE_P(Speeds, LocalNetwork, testing::Values(4e6, 20e6, 80e6, 1e9, 1e10, 1e11, 1e12));

// Without waiting a fast device still mines valid blocks, far within the future limit.
TEST(LocalNetworkWithoutWaiting, StaysFarFromTheFutureLimit) {
    for (unsigned seed = 1; seed <= 5; ++seed) EXPECT_LT(mine(1e12, false, seed).most_ahead, 120);
}

}  // namespace
}  // namespace lode::chain
