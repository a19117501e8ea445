#include "p2p/serving.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/p2p/played.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using namespace test;
using testing::HasSubstr;

TEST(Serving, AnnouncesManyByInventory) {
    Toy ours(true), theirs(true);
    Session a(ours, settings(1), at(0s)), b(theirs, settings(2, true), at(0s));
    talk(a, b);
    const auto found = branch(regtest().genesis_hash, 9);
    theirs.grow(found);
    b.announce(found);
    const auto out = take_outgoing(b);
    ASSERT_EQ(out.size(), 1u);
    ASSERT_TRUE(std::holds_alternative<Inventory>(out[0]));
    a.receive(out[0], at(1s));
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
}

TEST(Serving, NamesWhatIsMissingAndRefusesTooMany) {
    Toy chain(true);
    const auto headers = branch(regtest().genesis_hash, 2);
    chain.grow(headers);
    Played peer(chain);
    static_cast<void>(take_outgoing(peer.session));
    peer.session.receive(GetData{{{InventoryItem::kBlock, headers[0].hash()}, {1, headers[1].hash()}}},
                         at(0s));
    const auto out = take_outgoing(peer.session);
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(Toy::hash_of(std::get<BlockData>(out[0]).raw), headers[0].hash());
    EXPECT_EQ(std::get<NotFound>(out[1]).items, (std::vector<InventoryItem>{{1, headers[1].hash()}}));
    peer.session.receive(GetData{std::vector<InventoryItem>(129)}, at(0s));
    EXPECT_THAT(peer.dropped(), HasSubstr("129 items requested at once"));
}

// A peer that requests more than it takes in costs no memory: blocks are read as they are taken, in order.
TEST(Serving, ReadsABlockWhenItIsTaken) {
    Toy chain(true);
    const auto headers = branch(regtest().genesis_hash, 2);
    chain.grow(headers);
    SessionContext context{chain, settings(1), {}, {}, {}};
    Serving serving(context);
    const Hash256 unknown{{1}};
    serving.answer(GetData{{{InventoryItem::kBlock, unknown},
                            {InventoryItem::kWitnessBlock, headers[1].hash()},
                            {InventoryItem::kBlock, headers[0].hash()}}});
    EXPECT_EQ(chain.blocks_read, 0u);
    EXPECT_EQ(Toy::hash_of(std::get<BlockData>(serving.next().value()).raw), headers[1].hash());
    EXPECT_EQ(chain.blocks_read, 2u);  // the unknown one too
    EXPECT_EQ(Toy::hash_of(std::get<BlockData>(serving.next().value()).raw), headers[0].hash());
    EXPECT_EQ(std::get<NotFound>(serving.next().value()).items,
              (std::vector<InventoryItem>{{InventoryItem::kBlock, unknown}}));
    EXPECT_FALSE(serving.next());
    EXPECT_TRUE(context.outgoing.empty());
}

TEST(Serving, CountsWhatIsNotYetAnswered) {
    Toy chain(true);
    SessionContext context{chain, settings(1), {}, {}, {}};
    Serving serving(context);
    serving.answer(GetData{std::vector<InventoryItem>(100)});
    serving.answer(GetData{std::vector<InventoryItem>(28)});
    EXPECT_FALSE(context.drop);
    serving.answer(GetData{std::vector<InventoryItem>(1)});
    ASSERT_TRUE(context.drop);
    EXPECT_EQ(context.drop->ban, 600s);
}

}  // namespace
}  // namespace lode::p2p
