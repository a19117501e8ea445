#include "chain/tracker.h"

#include <gtest/gtest.h>

#include "chain/target.h"
#include "support/data.h"
#include "support/small_chain.h"

namespace lode::chain {
namespace {

using test::regtest;
using Status = Accepted::Status;

class Tree : public testing::Test {
 protected:
    // A header after parent, added.
    Index grow(Index parent, std::uint8_t salt = 0) {
        const auto header = next(parent, salt);
        const auto result = tracker.accept(header, kAnyTime);
        EXPECT_TRUE(result) << result.error().error().text();
        last = *result;
        return result->index;
    }
    BlockHeader next(Index parent, std::uint8_t salt = 0) {
        return test::mine_after(tracker, parent, tracker[parent].time + 60, salt);
    }
    ChainTracker tracker{regtest(), 8};
    Accepted last;
};

TEST_F(Tree, FirstSeenKeepsATieAndMoreWorkWins) {
    const Index a1 = grow(0), a2 = grow(a1);
    const Index b1 = grow(0, 1), b2 = grow(b1, 1);
    EXPECT_EQ(tracker.tip(), a2);
    EXPECT_FALSE(last.new_tip);
    const Index b3 = grow(b2, 1);
    EXPECT_EQ(tracker.tip(), b3);
    ASSERT_TRUE(last.reorganisation);
    EXPECT_EQ(last.reorganisation->depth, 2);
    EXPECT_EQ(last.reorganisation->old_tip, tracker.hash(a2));
    EXPECT_EQ(last.reorganisation->new_tip, tracker.hash(b3));
    EXPECT_EQ(last.reorganisation->height, 3);
    EXPECT_EQ(tracker.at_height(1), b1);
    EXPECT_FALSE(tracker.on_best_chain(a2));
    EXPECT_EQ(tracker.fork_point(a2, b3), 0u);
    EXPECT_EQ(tracker.branch_tips(), std::vector<Index>{a2});

    grow(a2);
    EXPECT_EQ(tracker.tip(), b3);  // a tie again
    grow(tracker.size() - 1);
    EXPECT_EQ(last.reorganisation->depth, 3);  // and back
    EXPECT_EQ(tracker.height(tracker.tip()), 4);
}

TEST_F(Tree, GrowingIsNoReorganisation) {
    grow(grow(0));
    EXPECT_TRUE(last.new_tip);
    EXPECT_FALSE(last.reorganisation);
}

TEST_F(Tree, KnownHeadersChangeNothing) {
    const Index a = grow(0);
    const auto again = tracker.accept(tracker.header(a), kAnyTime);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, Status::Known);
    EXPECT_EQ(again->index, a);
    EXPECT_EQ(tracker.accept(regtest().genesis, kAnyTime)->status, Status::Known);
    EXPECT_EQ(tracker.size(), 2u);
}

TEST_F(Tree, OrphansWaitAndComeInTogether) {
    const auto headers = test::regtest_headers(5);
    for (const std::size_t i : {4u, 2u, 3u, 1u})
        EXPECT_EQ(tracker.accept(headers[i], kAnyTime)->status, Status::Orphan);
    EXPECT_EQ(tracker.orphans(), 4u);
    const auto result = tracker.accept(headers[0], kAnyTime);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->new_tip);
    EXPECT_FALSE(result->reorganisation);
    EXPECT_EQ(tracker.orphans(), 0u);
    EXPECT_EQ(tracker.size(), 6u);
    EXPECT_EQ(tracker.height(tracker.tip()), 5);
    EXPECT_EQ(tracker.hash(tracker.tip()), headers[4].hash());
}

TEST_F(Tree, OrphansThatOvertakeReorganise) {
    grow(grow(0, 9), 9);
    const auto headers = test::regtest_headers(3);
    (void)tracker.accept(headers[2], kAnyTime);
    (void)tracker.accept(headers[1], kAnyTime);
    const auto result = tracker.accept(headers[0], kAnyTime);
    ASSERT_TRUE(result && result->reorganisation);
    EXPECT_EQ(result->reorganisation->depth, 2);
    EXPECT_EQ(result->reorganisation->height, 3);
}

TEST_F(Tree, OrphansAreBoundedTheOldestGoesFirst) {
    const auto headers = test::regtest_headers(30);
    for (std::size_t i = 1; i < headers.size(); ++i) (void)tracker.accept(headers[i], kAnyTime);
    EXPECT_EQ(tracker.orphans(), 8u);
    (void)tracker.accept(headers[29], kAnyTime);  // here already
    EXPECT_EQ(tracker.orphans(), 8u);
    (void)tracker.accept(headers[0], kAnyTime);
    EXPECT_EQ(tracker.height(tracker.tip()), 1);  // 2 to 22 were let go
    for (std::size_t i = 1; i < 22; ++i) (void)tracker.accept(headers[i], kAnyTime);
    EXPECT_EQ(tracker.height(tracker.tip()), 30);
}

TEST_F(Tree, ABadOrphanIsReportedWhenItsParentComes) {
    const auto headers = test::regtest_headers(1);
    BlockHeader bad = headers[0];
    bad.prev = headers[0].hash();
    bad.version = 1;
    bad.time += 60;
    bad = test::with_work(bad);
    EXPECT_EQ(tracker.accept(bad, kAnyTime)->status, Status::Orphan);
    const auto result = tracker.accept(headers[0], kAnyTime);
    ASSERT_TRUE(result && result->bad_orphan);
    EXPECT_EQ(result->bad_orphan->rule, rule::kBadVersion);
    EXPECT_EQ(result->bad_orphan->height, 2);
}

TEST_F(Tree, InvalidBranchesAreRemembered) {
    BlockHeader bad = next(0);
    bad.version = 1;
    bad = test::with_work(bad);
    EXPECT_EQ(tracker.accept(bad, kAnyTime).error().rule, rule::kBadVersion);
    EXPECT_TRUE(tracker.known_bad(bad.hash()));
    BlockHeader child = next(0);
    child.prev = bad.hash();
    child = test::with_work(child);
    EXPECT_EQ(tracker.accept(child, kAnyTime).error().rule, rule::kBadParent);
    BlockHeader grandchild = child;
    grandchild.prev = child.hash();
    EXPECT_EQ(tracker.accept(test::with_work(grandchild), kAnyTime).error().rule, rule::kBadParent);
    EXPECT_EQ(tracker.orphans(), 0u);
}

TEST_F(Tree, TooNewHeadersAreNotRememberedAsInvalid) {
    const BlockHeader header = next(0);
    EXPECT_EQ(tracker.accept(header, header.time - 7201).error().rule, rule::kTimeTooNew);
    EXPECT_FALSE(tracker.known_bad(header.hash()));
    EXPECT_TRUE(tracker.accept(header, header.time - 7200));
}

TEST_F(Tree, InvalidatingABlockMovesTheTip) {
    const Index a1 = grow(0), a2 = grow(a1), a3 = grow(a2);
    const Index b1 = grow(0, 1), b2 = grow(b1, 1);
    const auto moved = tracker.invalidate(tracker.hash(a2));
    ASSERT_TRUE(moved);
    EXPECT_EQ(tracker.tip(), b2);  // two blocks against one
    EXPECT_EQ(moved->depth, 3);
    EXPECT_EQ(moved->old_tip, tracker.hash(a3));
    EXPECT_TRUE(tracker.known_bad(tracker.hash(a3)));
    EXPECT_EQ(tracker.accept(tracker.header(a3), kAnyTime).error().rule, rule::kKnownBad);
    BlockHeader child = tracker.header(a3);
    child.prev = tracker.hash(a3);
    child.time += 60;
    EXPECT_EQ(tracker.accept(test::with_work(child), kAnyTime).error().rule, rule::kBadParent);
    EXPECT_EQ(tracker.branch_tips(), std::vector<Index>{a1});
    EXPECT_FALSE(tracker.invalidate(regtest().genesis_hash));
    grow(b2, 1);
    EXPECT_EQ(tracker.height(tracker.tip()), 3);
}

TEST_F(Tree, InvalidatingTheTipGoesBackToItsParent) {
    const Index a1 = grow(0), a2 = grow(a1);
    const auto moved = tracker.invalidate(tracker.hash(a2));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->depth, 1);
    EXPECT_EQ(moved->height, 1);
    EXPECT_EQ(tracker.tip(), a1);
    EXPECT_EQ(tracker.at_height(2), std::nullopt);
}

TEST_F(Tree, LocatorsFindTheForkPoint) {
    Index tip = 0;
    for (int i = 0; i < 100; ++i) tip = grow(tip);
    const auto locator = tracker.locator(tip);
    EXPECT_EQ(locator.front(), tracker.hash(tip));
    EXPECT_EQ(locator[9], tracker.hash(tip - 9));
    EXPECT_EQ(locator[10], tracker.hash(tip - 11));
    EXPECT_EQ(locator.back(), regtest().genesis_hash);
    EXPECT_EQ(locator.size(), 16u);  // 10 in a row, then 2, 4, 8, 16, 32 further; genesis
    EXPECT_EQ(tracker.height_after(locator), 101);
    EXPECT_EQ(tracker.height_after(std::vector{Hash256{}, tracker.hash(40)}), 41);
    EXPECT_EQ(tracker.height_after({}), 1);
    grow(50, 1);
    EXPECT_EQ(tracker.height_after(tracker.locator(tracker.size() - 1)), 51);
}

TEST_F(Tree, LowWorkLimitIs144BlocksBehindTheTip) {
    EXPECT_EQ(tracker.low_work_limit(), Uint256(0));
    Index tip = 0;
    for (int i = 0; i < 200; ++i) tip = grow(tip);
    EXPECT_EQ(tracker.low_work_limit(), Uint256(2 * (201 - 144)));
}

// Ancestors by height, asked in any order, on the best chain and off it.
TEST_F(Tree, AncestorsOfAnyBranch) {
    Index a = 0, b = 0;
    for (int i = 0; i < 30; ++i) a = grow(a);
    for (int i = 0; i < 20; ++i) b = grow(i == 0 ? 10 : b, 1);
    const TrackedAncestors ancestors(tracker, b);
    EXPECT_EQ(ancestors.height(), 30);
    for (const std::int64_t h : {30, 5, 29, 10, 11, 0, 20})
        EXPECT_EQ(ancestors.at(h)->time, regtest().genesis.time + 60 * h) << h;
    EXPECT_FALSE(ancestors.at(31));
    EXPECT_FALSE(ancestors.at(-1));
    EXPECT_EQ(tracker.hash(tracker.ancestor(b, 11)), tracker.hash(31));
}

// Real headers, each changed to break one rule: that rule is named, though the hash of what was changed is no
// proof of work any more.
class Tampered : public testing::Test {
 protected:
    // The tracker up to the header before `height`, which is returned.
    BlockHeader at(std::int64_t height) {
        const auto headers = test::read_headers("mainnet/mainnet_000000-049999.headers.bin");
        if (!headers) return {};
        for (std::int64_t h = 1; h < height; ++h)
            EXPECT_TRUE(tracker.accept((*headers)[static_cast<std::size_t>(h)], kAnyTime));
        return (*headers)[static_cast<std::size_t>(height)];
    }
    std::string_view refused(const BlockHeader& header, std::int64_t now = kAnyTime) {
        const auto result = tracker.accept(header, now);
        if (result) return result->status == Status::Orphan ? "held" : "accepted";
        EXPECT_EQ(result.error().height, tracker.height(tracker.tip()) + 1);
        EXPECT_EQ(result.error().hash, header.hash());
        EXPECT_FALSE(result.error().expected.empty());
        violation = result.error();
        return result.error().rule;
    }
    ChainTracker tracker{*find_network("main")};
    RuleViolation violation;
};

TEST_F(Tampered, RealHeadersAreRefusedByTheRuleTheyBreak) {
    const BlockHeader good = at(40320);  // the first block of a period
    if (good.bits == 0) GTEST_SKIP() << "no test data";
    const Index tip = tracker.tip();
    const std::uint32_t median = *tracker.median_time_past(tip);

    BlockHeader bad = good;
    bad.nonce ^= 1;
    EXPECT_EQ(refused(bad), rule::kHighHash);
    bad = good;
    bad.merkle_root.bytes[31] ^= 0x80;
    EXPECT_EQ(refused(bad), rule::kHighHash);

    bad = good;
    bad.bits = tracker[tip].bits;  // no retarget
    EXPECT_EQ(refused(bad), rule::kBadBits);
    EXPECT_EQ(violation.expected, "1c654657");  // what the real header has
    EXPECT_EQ(good.bits, 0x1c654657u);
    bad.bits = good.bits + 1;
    EXPECT_EQ(refused(bad), rule::kBadBits);

    for (const std::uint32_t no_target :
         {0x1c80ffffu, 0x00000000u, 0x04000000u, 0xff123456u, 0x1d010000u, 0x207fffffu}) {
        bad.bits = no_target;
        EXPECT_EQ(refused(bad), rule::kBadTarget) << std::hex << no_target;
    }

    bad = good;
    bad.time = median;
    EXPECT_EQ(refused(bad), rule::kTimeTooOld);
    bad.time = median + 1;
    EXPECT_EQ(refused(bad), rule::kHighHash);  // old enough to be changed, not too old

    EXPECT_EQ(refused(good, good.time - 7201), rule::kTimeTooNew);

    bad = good;
    bad.prev.bytes[0] ^= 1;
    EXPECT_EQ(tracker.accept(bad, kAnyTime).error().rule,
              rule::kHighHash);  // of what it follows nothing is known
    EXPECT_EQ(tracker.tip(), tip);
    EXPECT_EQ(tracker.orphans(), 0u);
    EXPECT_EQ(refused(good), "accepted");
}

TEST(TamperedLater, VersionsAreRefusedFromTheirHeightOn) {
    LODE_DATA(headers, read_headers("mainnet/mainnet_150000-340000.headers.bin"));
    for (const std::int64_t height : {227930, 227931}) {  // BIP 34
        const auto first = static_cast<std::size_t>(height - 150000 - 20);
        ChainTracker tracker(*find_network("main"), {height - 20, headers[first], Uint256(1)});
        for (std::size_t i = first + 1; i < first + 20; ++i)
            ASSERT_TRUE(tracker.accept(headers[i], kAnyTime));
        BlockHeader bad = headers[first + 20];
        bad.version = 1;
        const auto result = tracker.accept(bad, kAnyTime);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().rule, height < 227931 ? rule::kHighHash : rule::kBadVersion);
        ASSERT_TRUE(tracker.accept(headers[first + 20], kAnyTime));
    }
}

TEST(TamperedTestnet, TheTwentyMinuteRule) {
    LODE_DATA(headers, read_headers("testnet3/testnet3_1894117-1901466.headers.bin"));
    const Network& testnet3 = *find_network("testnet3");
    ChainTracker tracker(testnet3, {1894117, headers[0], Uint256(1)});
    int early = 0, easy = 0;
    for (std::size_t i = 1; i < headers.size(); ++i) {
        BlockHeader bad = headers[i];
        const bool boundary = (1894117 + i) % 2016 == 0;
        if (i > 2016 && !boundary && headers[i].bits == testnet3.pow_limit_bits && early < 50) {
            bad.time = headers[i - 1].time + 1200;  // one second too early for it
            const auto result = tracker.accept(bad, kAnyTime);
            ASSERT_FALSE(result);
            EXPECT_EQ(result.error().rule, rule::kBadBits) << i;
            ++early;
        } else if (i > 2016 && headers[i].bits != testnet3.pow_limit_bits && easy < 50) {
            bad.bits = testnet3.pow_limit_bits;  // easy without having waited, or at a boundary
            const auto result = tracker.accept(bad, kAnyTime);
            ASSERT_FALSE(result);
            EXPECT_EQ(result.error().rule, rule::kBadBits) << i;
            ++easy;
        }
        ASSERT_TRUE(tracker.accept(headers[i], kAnyTime)) << i;
    }
    EXPECT_EQ(early, 50);
    EXPECT_EQ(easy, 50);
}

// testnet4's rules on a chain that can be made here: both halves of BIP 94, at a boundary of the tree itself.
TEST(TamperedTestnet, Bip94) {
    Network network = *find_network("testnet4");
    network.pow_limit_bits = network.genesis.bits = 0x207fffff;
    network.period = 20;
    network.genesis = test::with_work(network.genesis);
    ChainTracker tracker(network);
    std::uint32_t time = network.genesis.time;
    const auto grow = [&](std::uint32_t step) {
        time += step;
        ASSERT_TRUE(tracker.accept(test::mine_after(tracker, tracker.tip(), time), kAnyTime));
    };
    for (int i = 1; i < 20; ++i) grow(300);  // half the time: the next period is twice as hard
    grow(300);
    const std::uint32_t real = tracker[tracker.tip()].bits;
    EXPECT_LT(*target_of(real), *target_of(network.pow_limit_bits));
    for (int i = 21; i < 39; ++i) grow(600);
    grow(5000);  // an easy block ends the period
    EXPECT_EQ(tracker[tracker.tip()].bits, network.pow_limit_bits);
    EXPECT_EQ(tracker.height(tracker.tip()), 39);

    BlockHeader next = test::mine_after(tracker, tracker.tip(), time);
    EXPECT_LT(*target_of(next.bits),
              *target_of(network.pow_limit_bits));  // of the first block, not the easy one
    BlockHeader bad = next;
    bad.time = time - 601;
    EXPECT_EQ(tracker.accept(test::with_work(bad), kAnyTime).error().rule, rule::kTimewarp);
    bad = next;
    bad.bits = network.pow_limit_bits;
    EXPECT_EQ(tracker.accept(test::with_work(bad), kAnyTime).error().rule, rule::kBadBits);
    next.time = time - 600;
    EXPECT_TRUE(tracker.accept(test::with_work(next), kAnyTime));
}

}  // namespace
}  // namespace lode::chain
