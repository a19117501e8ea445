#include "chain/rules.h"

#include <random>

#include <gtest/gtest.h>

#include "chain/target.h"
#include "support/fake_ancestors.h"

namespace lode::chain {
namespace {

using test::FakeAncestors;

const Network& net(std::string_view name) {
    return *find_network(name);
}

constexpr std::uint32_t kStart = 1'600'000'000;
constexpr std::uint32_t kLimit = 0x1d00ffff, kHard = 0x1c0fffff;

// The cases of Bitcoin Core's pow_tests: real retargets of mainnet at 32256, 2016, 68544 and 46368.
TEST(Retarget, RealOnes) {
    EXPECT_EQ(retarget(net("main"), 1261130161, 1262152739, 0x1d00ffff), 0x1d00d86au);
    EXPECT_EQ(retarget(net("main"), 1231006505, 1233061996, 0x1d00ffff), 0x1d00ffffu);  // the limit
    EXPECT_EQ(retarget(net("main"), 1279008237, 1279297671, 0x1c05a3f4),
              0x1c0168fdu);  // clamped to a quarter
    EXPECT_EQ(retarget(net("main"), 1263163443, 1269211443, 0x1c387f6f),
              0x1d00e1fdu);  // clamped to four times
}

TEST(Retarget, TimeMayGoBackwards) {
    EXPECT_EQ(retarget(net("main"), kStart + 1, kStart, kHard), retarget(net("main"), 0, 302400, kHard));
}

TEST(Retarget, LocalHasItsOwnTimespanAndLimit) {
    const Network& local = net("local");
    EXPECT_EQ(retarget(local, kStart, kStart + 20, 0x1d0fffff), 0x1d0fffffu);
    EXPECT_EQ(retarget(local, kStart, kStart + 10, 0x1e080000), 0x1e040000u);
    EXPECT_EQ(retarget(local, kStart, kStart, 0x1e080000), 0x1e020000u);
    EXPECT_EQ(retarget(local, kStart, kStart + 86400, 0x1e040000), 0x1e080000u);
}

TEST(Retarget, LargestTargetsDoNotOverflow) {
    Network wide = net("main");
    wide.pow_limit_bits = 0x2100ffff;                                  // 2^256 nearly
    EXPECT_EQ(retarget(wide, 0, 4'838'400, 0x207fffff), 0x2100ffffu);  // would be 2^257
    EXPECT_EQ(retarget(wide, 0, 1'209'600, 0x2100ffff), 0x2100ffffu);
    EXPECT_EQ(retarget(wide, 0, 604'800, 0x207fffff), 0x203fffffu);
}

TEST(RequiredBits, ChangesAtBoundariesOnly) {
    FakeAncestors chain;
    chain.add(kStart, kHard);
    chain.add_many(2014, 300, kHard);
    EXPECT_EQ(required_bits(net("main"), chain, 0), kHard);
    chain.add_many(1, 300, kHard);
    EXPECT_EQ(chain.height(), 2015);
    // 2015 intervals of 300 s, not 2016: a shade less than half.
    EXPECT_EQ(required_bits(net("main"), chain, 0), retarget(net("main"), 0, 604500, kHard));
}

TEST(RequiredBits, UnknownBeforeACheckpoint) {
    FakeAncestors chain(1000);
    chain.add(kStart, kHard);
    chain.add_many(1014, 600, kHard);
    EXPECT_EQ(required_bits(net("main"), chain, 0), kHard);
    chain.add_many(1, 600, kHard);
    EXPECT_EQ(required_bits(net("main"), chain, 0), std::nullopt);
    BlockHeader header;
    header.bits = kHard;
    EXPECT_FALSE(check_bits(net("main"), chain, header));
    header.bits = 0x1c03ffff;  // within a quarter
    EXPECT_FALSE(check_bits(net("main"), chain, header));
    header.bits = 0x1c03fffd;
    EXPECT_EQ(check_bits(net("main"), chain, header)->rule, rule::kBadBits);
    header.bits = kLimit;
    EXPECT_EQ(check_bits(net("main"), chain, header)->rule, rule::kBadBits);
}

// Bitcoin Core's PermittedDifficultyTransition: at a period's start within the clamps, elsewhere no change,
// on a network with the 20-minute rule anything.
TEST(PermittedChange, WithinTheClampsAtAPeriodsStartOnly) {
    EXPECT_TRUE(permitted_change(net("main"), 2015, kHard, kHard));
    EXPECT_FALSE(permitted_change(net("main"), 2015, kHard, kHard - 1));
    EXPECT_TRUE(permitted_change(net("main"), 2016, kHard, 0x1c03ffff));  // a quarter
    EXPECT_FALSE(permitted_change(net("main"), 2016, kHard, 0x1c03fffe));
    EXPECT_TRUE(permitted_change(net("main"), 2016, kHard, 0x1c3ffffc));  // four times
    EXPECT_FALSE(permitted_change(net("main"), 2016, kHard, 0x1c3ffffd));
    EXPECT_TRUE(permitted_change(net("main"), 2016, kLimit, kLimit));
    EXPECT_FALSE(permitted_change(net("main"), 2016, kLimit, kLimit + 1));  // above the limit
    EXPECT_FALSE(permitted_change(net("main"), 2016, kHard, 0));
    EXPECT_TRUE(permitted_change(net("local"), 10, 0x1d0fffff, 0x1d03ffff));
    EXPECT_FALSE(permitted_change(net("local"), 11, 0x1d0fffff, 0x1d03ffff));
    EXPECT_TRUE(permitted_change(net("testnet3"), 2015, kHard, kLimit));
}

TEST(TwentyMinutes, EasyOnlyWhenLaterThanTwiceTheSpacing) {
    FakeAncestors chain;
    chain.add(kStart, kHard);
    chain.add_many(5, 600, kHard);
    const std::uint32_t last = chain.back().time;
    EXPECT_EQ(required_bits(net("testnet3"), chain, last + 1200), kHard);
    EXPECT_EQ(required_bits(net("testnet3"), chain, last + 1201), kLimit);
    EXPECT_EQ(required_bits(net("main"), chain, last + 1201), kHard);
    EXPECT_EQ(required_bits(net("signet"), chain, last + 1201), kHard);
}

TEST(TwentyMinutes, WalksBackToTheLastRealTarget) {
    FakeAncestors chain;
    chain.add(kStart, kHard);
    chain.add_many(5, 600, kHard);
    chain.add_many(3, 1300, kLimit);
    EXPECT_EQ(required_bits(net("testnet4"), chain, chain.back().time + 60), kHard);
}

TEST(TwentyMinutes, WalksNoFurtherThanThePeriodsFirst) {
    FakeAncestors chain;
    chain.add(kStart, kHard);
    chain.add_many(2015, 600, kHard);
    chain.add_many(3, 1300, kLimit);  // 2016, the first of its period, to 2018
    EXPECT_EQ(required_bits(net("testnet3"), chain, chain.back().time + 60), kLimit);
}

TEST(TwentyMinutes, NotAtABoundary) {
    FakeAncestors chain;
    chain.add(kStart, kHard);
    chain.add_many(2015, 600, kHard);
    EXPECT_EQ(required_bits(net("testnet3"), chain, chain.back().time + 5000),
              retarget(net("testnet3"), 0, 2015 * 600, kHard));
}

TEST(TwentyMinutes, UnknownWhereTheWalkMeetsACheckpoint) {
    FakeAncestors chain(3000);
    chain.add(kStart, kLimit);
    EXPECT_EQ(required_bits(net("testnet3"), chain, kStart + 60), std::nullopt);
    EXPECT_EQ(required_bits(net("testnet3"), chain, kStart + 1201), kLimit);
}

// The rule is the median of the last eleven times, in whatever order they are, or of fewer near genesis.
TEST(Time, MustBeAfterTheMedian) {
    std::mt19937 random(113);
    for (int round = 0; round < 500; ++round) {
        FakeAncestors chain;
        for (std::size_t n = 1 + random() % 14; n > 0; --n) chain.add(kStart + random() % 8, kHard);
        const std::uint32_t median = *median_time_past(chain);
        BlockHeader header;
        for (header.time = kStart - 1; header.time < kStart + 9; ++header.time)
            ASSERT_EQ(check_time(net("main"), chain, header).has_value(), header.time <= median)
                << chain.height() << ' ' << header.time;
    }
}

// With an easy last block testnet3 forgets its difficulty; BIP 94 takes the period's first block instead.
TEST(Bip94, RetargetsFromTheFirstBlock) {
    FakeAncestors chain;
    chain.add(kStart, kHard);
    chain.add_many(2014, 600, kHard);
    chain.add_many(1, 1300, kLimit);
    const std::uint32_t span = 2014 * 600 + 1300;
    EXPECT_EQ(required_bits(net("testnet3"), chain, 0), retarget(net("testnet3"), 0, span, kLimit));
    EXPECT_EQ(required_bits(net("testnet4"), chain, 0), retarget(net("testnet4"), 0, span, kHard));
}

TEST(Bip94, TimeAtABoundaryGoesBackTenMinutesAtMost) {
    FakeAncestors chain;
    chain.add(kStart, kHard);
    chain.add_many(2015, 600, kHard);
    chain.back().time += 5000;  // the median stays far behind
    const std::uint32_t last = chain.back().time;
    BlockHeader header;
    header.time = last - 600;
    EXPECT_FALSE(check_time(net("testnet4"), chain, header));
    EXPECT_EQ(earliest_time(net("testnet4"), chain), last - 600);
    header.time = last - 601;
    EXPECT_EQ(check_time(net("testnet4"), chain, header)->rule, rule::kTimewarp);
    EXPECT_FALSE(check_time(net("testnet3"), chain, header));
    chain.add_many(1, 600, kHard);  // no boundary any more
    header.time = chain.back().time - 601;
    EXPECT_FALSE(check_time(net("testnet4"), chain, header));
}

TEST(MedianTimePast, OfElevenOrOfAllThereAre) {
    FakeAncestors chain;
    chain.add(10, kLimit);
    EXPECT_EQ(median_time_past(chain), 10u);
    chain.add(30, kLimit);
    EXPECT_EQ(median_time_past(chain), 30u);  // of an even number, the upper one
    chain.add(20, kLimit);
    EXPECT_EQ(median_time_past(chain), 20u);
    for (const std::uint32_t t : {50u, 40u, 60u, 80u, 70u, 90u, 100u, 110u}) chain.add(t, kLimit);
    EXPECT_EQ(median_time_past(chain), 60u);  // 10 to 110
    chain.add(120, kLimit);
    EXPECT_EQ(median_time_past(chain), 70u);  // 20 to 120
    EXPECT_EQ(earliest_time(net("main"), chain), 71u);
}

TEST(MedianTimePast, UnknownJustAfterACheckpoint) {
    FakeAncestors chain(500);
    chain.add(10, kLimit);
    for (int i = 0; i < 9; ++i) chain.add_many(1, 10, kLimit);
    EXPECT_EQ(median_time_past(chain), std::nullopt);
    chain.add_many(1, 10, kLimit);
    EXPECT_EQ(median_time_past(chain), 60u);
}

TEST(Future, TwoHoursToTheSecond) {
    BlockHeader header;
    header.time = kStart + 7200;
    EXPECT_FALSE(check_future(header, kStart));
    header.time = kStart + 7201;
    EXPECT_EQ(check_future(header, kStart)->rule, rule::kTimeTooNew);
}

TEST(Version, ByHeight) {
    struct {
        const char* network;
        std::int64_t height;
        std::uint32_t version;
        bool good;
    } const cases[] = {
        {"main", 227930, 1, true},
        {"main", 227931, 1, false},
        {"main", 227931, 2, true},
        {"main", 363724, 2, true},
        {"main", 363725, 2, false},
        {"main", 388380, 3, true},
        {"main", 388381, 3, false},
        {"main", 388381, 4, true},
        {"testnet3", 21110, 1, true},
        {"testnet3", 21111, 1, false},
        {"testnet3", 330776, 2, false},
        {"testnet3", 581884, 3, true},
        {"testnet3", 581885, 3, false},
        {"testnet4", 1, 3, false},
        {"signet", 1, 4, true},
        {"regtest", 1, 3, false},
        {"local", 1, 3, false},
        {"local", 1, 0x20000000, true},
        {"main", 400000, 0x80000000, false},  // negative
        {"main", 100, 0xffffffff, true},
    };
    for (const auto& c : cases) {
        BlockHeader header;
        header.version = c.version;
        EXPECT_EQ(!check_version(net(c.network), c.height, header), c.good)
            << c.network << c.height << ' ' << c.version;
    }
}

}  // namespace
}  // namespace lode::chain
