#include "p2p/header_sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/p2p/played.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using namespace test;
using testing::HasSubstr;

TEST(HeaderSync, FollowsALongChainMessageByMessage) {
    Toy ours, theirs;
    theirs.grow(branch(regtest().genesis_hash, 4100));
    Session a(ours, settings(1), at(0s)), b(theirs, settings(2, true), at(0s));
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
    EXPECT_EQ(ours.kept, 4100u);
    EXPECT_TRUE(a.synced());
    EXPECT_TRUE(b.synced());
    EXPECT_FALSE(a.dropped());
    EXPECT_FALSE(b.dropped());
}

TEST(HeaderSync, ReorganisesToTheMostWork) {
    Toy ours(true), theirs(true);
    ours.grow(branch(regtest().genesis_hash, 5, 1));
    theirs.grow(branch(regtest().genesis_hash, 7, 2));
    Session a(ours, settings(1), at(0s)), b(theirs, settings(2, true), at(0s));
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
    ASSERT_EQ(ours.moves.size(), 5u + 2);
    ASSERT_TRUE(ours.moves[5].reorganisation);  // by the first block that outweighs ours
    EXPECT_EQ(ours.moves[5].reorganisation->depth, 5);
    EXPECT_EQ(ours.moves[5].reorganisation->height, 6);
    EXPECT_EQ(theirs.size(), 1u + 7 + 5);  // the losing branch is near enough to be kept
    EXPECT_FALSE(a.dropped() || b.dropped());
}

TEST(HeaderSync, AFullDiskIsNoFaultOfThePeer) {
    Toy chain;
    Played peer(chain);
    const auto headers = branch(chain.tip_hash(), 4);
    chain.full = true;
    peer.hears({headers[0], headers[1]});
    EXPECT_EQ(peer.dropped(), "");
    EXPECT_EQ(chain.tip_hash(), headers[1].hash());
    ASSERT_TRUE(chain.storage_error());
    EXPECT_EQ(chain.storage_error()->what, "disk full");
    EXPECT_EQ(chain.kept, 0u);
    peer.hears({headers[2]});
    EXPECT_TRUE(chain.storage_error());
    chain.full = false;
    peer.hears({headers[3]});
    EXPECT_FALSE(chain.storage_error());
    EXPECT_EQ(chain.kept, 4u);
}

TEST(HeaderSync, InvalidHeadersEndIt) {
    const auto good = branch(regtest().genesis_hash, 3);
    const auto after = [&](std::vector<BlockHeader> headers) {
        Toy chain;
        Played peer(chain);
        peer.hears(std::move(headers));
        EXPECT_EQ(chain.kept, 0u);
        EXPECT_EQ(peer.session.dropped().value_or(Drop{}).ban, 600s);
        return peer.dropped();
    };
    EXPECT_EQ(after({good[0], good[2]}), "headers that are not linked to each other");
    auto forged = good[0];
    while (forged.hash().number() <= *chain::target_of(forged.bits)) ++forged.nonce;
    EXPECT_THAT(after({forged}), HasSubstr("without proof of work"));
    auto early = test::mine(regtest().genesis_hash, regtest().genesis.time);
    EXPECT_THAT(after({early}), HasSubstr("time-too-old"));
    auto bits = good[0];
    bits.bits = 0x80ffffff;
    EXPECT_THAT(after({bits}), HasSubstr("without proof of work"));
}

TEST(HeaderSync, AHeaderFromTheFutureIsPostponed) {
    Toy chain;
    Played peer(chain);
    peer.hears({test::mine(regtest().genesis_hash, static_cast<std::uint32_t>(kTime + 7201))});
    EXPECT_EQ(peer.dropped(), "");
    EXPECT_EQ(chain.kept, 0u);
}

TEST(HeaderSync, AnotherChainIsLeftAfterAFewTries) {
    Toy chain;
    Played peer(chain);
    Hash256 elsewhere;
    elsewhere.bytes.fill(7);
    const auto foreign = branch(elsewhere, 9);  // more than an announcement
    for (int i = 0; i < 10; ++i) {
        peer.hears(foreign);
        EXPECT_EQ(peer.said<GetHeaders>().size(), i == 0 ? 2u : 1u);  // asks how they connect
    }
    EXPECT_EQ(peer.dropped(), "");
    peer.hears(foreign);
    EXPECT_EQ(peer.dropped(), "headers that do not connect to this chain");
}

TEST(HeaderSync, AShortOtherChainIsLeftInTime) {
    Toy chain;
    Played peer(chain);
    Hash256 elsewhere;
    elsewhere.bytes.fill(7);
    peer.hears(branch(elsewhere, 2), 1s);
    peer.session.tick(at(4s));
    EXPECT_EQ(peer.dropped(), "");
    peer.session.tick(at(5s));
    EXPECT_EQ(peer.dropped(), "headers that do not connect to this chain");
}

// bcoin announces by headers, also to who is far behind.
TEST(HeaderSync, NewsWhileAnAnswerIsDueAreAskedForAfterIt) {
    Toy chain;
    Played peer(chain, 4000);
    const auto theirs = branch(regtest().genesis_hash, 4020);
    const auto part = [&](std::size_t first, std::size_t count) {
        return std::vector(theirs.begin() + static_cast<std::ptrdiff_t>(first),
                           theirs.begin() + static_cast<std::ptrdiff_t>(first + count));
    };
    EXPECT_EQ(peer.said<GetHeaders>().size(), 1u);
    for (std::size_t i = 4000; i < 4020; ++i) peer.hears(part(i, 1));
    EXPECT_TRUE(peer.said<GetHeaders>().empty());
    peer.hears(part(0, 2000));
    peer.hears(part(2000, 2000));
    EXPECT_EQ(peer.said<GetHeaders>().size(), 2u);
    peer.hears({});
    EXPECT_EQ(peer.said<GetHeaders>().size(), 1u);
    peer.hears(part(4000, 20));
    EXPECT_EQ(chain.tip_hash(), theirs.back().hash());
    EXPECT_TRUE(peer.session.synced());
    EXPECT_EQ(peer.dropped(), "");
}

// Ours has 5000 blocks; theirs, from genesis, first 4000 and in the end 6000.
TEST(HeaderSync, ALongBranchIsCountedBeforeItIsStored) {
    Toy ours, weak, strong;
    const auto long_branch = branch(regtest().genesis_hash, 6000, 2);
    ours.grow(branch(regtest().genesis_hash, 5000, 1));
    weak.grow({long_branch.begin(), long_branch.begin() + 4000});
    Session a(ours, settings(1), at(0s)), b(weak, settings(2, true), at(0s));
    talk(a, b);
    EXPECT_EQ(ours.size(), 5001u);
    EXPECT_TRUE(a.synced());
    for (int i = 1; i <= 5; ++i) {  // asked again, it says the same again: that is honest
        a.tick(at(i * 60s));
        b.tick(at(i * 60s));
        talk(a, b, i * 60s);
    }
    EXPECT_EQ(ours.size(), 5001u);
    EXPECT_FALSE(a.dropped());

    strong.grow(long_branch);
    Session c(ours, settings(1), at(0s)), d(strong, settings(2, true), at(0s));
    talk(c, d);
    EXPECT_EQ(c.dropped() ? c.dropped()->reason : "", "");
    EXPECT_EQ(ours.tip_hash(), strong.tip_hash());
    EXPECT_EQ(ours.size(), 11001u);
}

TEST(HeaderSync, ADifferentBranchInTheSecondDownloadEndsIt) {
    Toy ours;
    ours.grow(branch(regtest().genesis_hash, 3000, 1));
    const auto first = branch(regtest().genesis_hash, 4000, 2);
    const auto second = branch(regtest().genesis_hash, 2000, 3);
    Played peer(ours);
    peer.hears({first.begin(), first.begin() + 2000});
    peer.hears({first.begin() + 2000, first.end()});
    EXPECT_EQ(ours.size(), 3001u);
    EXPECT_EQ(peer.said<GetHeaders>().back().locator, std::vector{regtest().genesis_hash});
    peer.hears(second);
    EXPECT_EQ(peer.dropped(), "a different branch in the second download");
    EXPECT_EQ(ours.size(), 3001u);
}

// On a network whose nBits never change: a header that claims more work than they allow is not even counted.
TEST(HeaderSync, ALongBranchWithImpossibleDifficultyEndsIt) {
    chain::Network strict = regtest();
    strict.min_difficulty_after = 0;
    Toy ours(false, strict);
    ours.grow(branch(regtest().genesis_hash, 3000, 1));
    auto theirs = branch(regtest().genesis_hash, 1999, 2);
    theirs.push_back(test::mine(theirs.back().hash(), kTime, 2, 0x203fffff));
    Played peer(ours);
    peer.hears(theirs);
    EXPECT_EQ(peer.dropped(), "a branch whose difficulty changes by more than the rules allow");
    EXPECT_EQ(ours.size(), 3001u);
}

TEST(HeaderSync, AFloodOfSiblingsEndsIt) {
    Toy chain;
    chain.grow(branch(regtest().genesis_hash, 3));
    Played peer(chain);
    std::size_t heard = 0;
    for (std::uint32_t salt = 1; peer.dropped().empty() && heard < 10'000; ++salt, ++heard)
        peer.hears(branch(regtest().genesis_hash, 1, salt));
    EXPECT_EQ(peer.dropped(), "too many headers of branches with less work");
    EXPECT_EQ(heard, 4001u);
}

TEST(HeaderSync, AFloodOfWeakBranchesIsNotStoredAndEndsIt) {
    Toy chain;
    chain.grow(branch(regtest().genesis_hash, 400));
    Played peer(chain);
    int heard = 0;
    for (std::uint32_t salt = 1; peer.dropped().empty() && heard < 5000; ++salt, ++heard)
        peer.hears(branch(regtest().genesis_hash, 2, salt));
    EXPECT_EQ(peer.dropped(), "too many branches with too little work");
    EXPECT_EQ(heard, 1001);
    EXPECT_EQ(chain.size(), 401u);
}

TEST(HeaderSync, RepeatedHeadersEndIt) {
    Toy chain;
    const auto full = branch(regtest().genesis_hash, 2000);
    Played peer(chain);
    peer.hears(full);
    EXPECT_EQ(peer.dropped(), "");
    peer.hears(full);
    EXPECT_EQ(peer.dropped(), "the same headers repeatedly");
}

}  // namespace
}  // namespace lode::p2p
