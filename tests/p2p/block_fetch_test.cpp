#include "p2p/block_fetch.h"

#include <gtest/gtest.h>

#include "tests/p2p/played.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(BlockFetch, FetchesWholeBlocksInOrder) {
    Toy ours(true), theirs(true);
    theirs.grow(branch(regtest().genesis_hash, 2050));
    Session a(ours, settings(1), at(0s)), b(theirs, settings(2, true), at(0s));
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
    EXPECT_TRUE(a.synced());
    // A block found later is announced by its header, fetched, and not announced back.
    const auto found = branch(theirs.tip_hash(), 1);
    theirs.grow(found);
    b.announce(found);
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
    a.announce(found);
    EXPECT_TRUE(take_outgoing(a).empty());
}

TEST(BlockFetch, ChecksBlocksAsTheyCome) {
    const auto chain = branch(regtest().genesis_hash, 2);
    Toy full(true);
    full.grow(chain);
    {
        Toy ours(true);
        Played peer(ours, 2);
        peer.session.receive(BlockData{*full.block(chain[0].hash())}, at(0s));
        EXPECT_EQ(peer.dropped(), "a block that was not requested");
    }
    {
        Toy ours(true);
        Played peer(ours, 2);
        peer.hears(chain);
        EXPECT_EQ(peer.said<GetData>().back().items.size(), 2u);
        EXPECT_EQ(ours.kept, 0u);  // no header without its block
        peer.session.receive(BlockData{*full.block(chain[1].hash())}, at(0s));
        EXPECT_EQ(peer.dropped(), "a block out of the order requested");
    }
    {
        Toy ours(true);
        ours.poison = chain[1].hash();
        Played peer(ours, 2);
        peer.hears(chain);
        peer.session.receive(BlockData{*full.block(chain[0].hash())}, at(0s));
        peer.session.receive(BlockData{*full.block(chain[1].hash())}, at(0s));
        EXPECT_EQ(peer.dropped(), "bad-cb-amount");
        EXPECT_EQ(ours.size(), 2u);
    }
    {
        Toy ours(true);
        Played peer(ours, 2);
        peer.hears(chain);
        peer.session.receive(NotFound{{{InventoryItem::kBlock, chain[0].hash()}}}, at(0s));
        EXPECT_EQ(peer.dropped(), "it has no block for a header of its own");
    }
}

// Without a session around it: 16 in flight, the next ones as these come.
TEST(BlockFetch, KeepsSixteenInFlight) {
    Toy ours(true), theirs(true);
    const auto headers = branch(regtest().genesis_hash, 20);
    theirs.grow(headers);
    std::vector<Hash256> hashes;
    for (const auto& header : headers) hashes.push_back(header.hash());
    SessionContext context{ours, settings(1), {}, {}, {}};
    BlockFetch fetch(context);
    const auto requested = [&] { return std::get<GetData>(context.outgoing.back()).items.size(); };
    EXPECT_TRUE(fetch.idle());
    fetch.add(hashes, {20, {}, 0});
    EXPECT_EQ(fetch.request(at(0s)), BlockFetch::Progress::Waiting);
    EXPECT_EQ(requested(), 16u);
    EXPECT_EQ(fetch.newest(), hashes.back());
    EXPECT_EQ(fetch.newest_place().height, 20);
    for (std::size_t i = 0; i < 19; ++i) {
        EXPECT_EQ(fetch.receive(BlockData{*theirs.block(hashes[i])}, at(0s)), BlockFetch::Progress::Waiting);
        EXPECT_EQ(context.outgoing.size(), 1 + std::min<std::size_t>(i + 1, 4));
    }
    EXPECT_EQ(fetch.receive(BlockData{*theirs.block(hashes[19])}, at(0s)), BlockFetch::Progress::Complete);
    EXPECT_TRUE(fetch.idle());
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
}

TEST(BlockFetch, SkipsBlocksFromTheFuture) {
    Toy ours(true), theirs(true);
    const auto first = mine(regtest().genesis_hash, static_cast<std::uint32_t>(kTime));
    const auto second = mine(first.hash(), static_cast<std::uint32_t>(kTime + 7201));
    for (const auto& header : {first, second}) theirs.add_one(header, kTime + 7201);
    SessionContext context{ours, settings(1), {}, {}, {}};
    BlockFetch fetch(context);
    fetch.add(std::vector{first.hash(), second.hash()}, {2, {}, 0});
    EXPECT_EQ(fetch.request(at(0s)), BlockFetch::Progress::Waiting);
    EXPECT_EQ(fetch.receive(BlockData{*theirs.block(first.hash())}, at(0s)), BlockFetch::Progress::Waiting);
    EXPECT_EQ(fetch.receive(BlockData{*theirs.block(second.hash())}, at(0s)), BlockFetch::Progress::PutOff);
    EXPECT_FALSE(context.drop);
    EXPECT_EQ(ours.tip_hash(), first.hash());
    EXPECT_EQ(fetch.request(at(0s)), BlockFetch::Progress::Complete);  // nothing is left of it
}

TEST(BlockFetch, DropsAPeerThatSendsNoBlocks) {
    Toy ours(true);
    SessionContext context{ours, settings(1), {}, {}, {}};
    BlockFetch fetch(context);
    fetch.add(std::vector{branch(regtest().genesis_hash, 1)[0].hash()}, {1, {}, 0});
    EXPECT_EQ(fetch.request(at(1s)), BlockFetch::Progress::Waiting);
    fetch.tick(at(31s));  // it has said nothing since: it may be gone
    EXPECT_FALSE(context.drop);
    context.heard = 20s;
    fetch.tick(at(30s));
    EXPECT_FALSE(context.drop);
    fetch.tick(at(31s));
    ASSERT_TRUE(context.drop);
    EXPECT_EQ(context.drop->reason, "no answer to 'getdata'");
    EXPECT_EQ(context.drop->ban, 60s);
}

}  // namespace
}  // namespace lode::p2p
