#include "chain/p2p/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/chain/p2p/mined.h"

namespace lode::p2p {
namespace {

using namespace std::chrono_literals;
using test::branch;
using test::kTime;
using test::regtest;
using test::Toy;
using testing::HasSubstr;

Now at(std::chrono::milliseconds steady) {
    return {steady, kTime};
}

SessionSettings settings(std::uint64_t nonce, bool inbound = false) {
    SessionSettings s;
    s.nonce = nonce;
    s.inbound = inbound;
    return s;
}

// A session that has shaken hands with a peer played by the test, which sees what the session says.
struct Played {
    explicit Played(Toy& chain, std::int32_t peer_height = 0) : session(chain, settings(1), at(0s)) {
        Version version;
        version.nonce = 2;
        version.height = peer_height;
        session.receive(version, at(0s));
        session.receive(Verack{}, at(0s));
    }
    template <typename M>
    std::vector<M> said() {
        std::vector<M> found;
        for (auto& m : session.take_outgoing())
            if (auto* one = std::get_if<M>(&m)) found.push_back(std::move(*one));
        return found;
    }
    void hears(std::vector<BlockHeader> headers, std::chrono::milliseconds time = 0s) {
        session.receive(Headers{std::move(headers)}, at(time));
    }
    [[nodiscard]] std::string dropped() const { return session.dropped() ? session.dropped()->reason : ""; }
    Session session;
};

// Carries messages both ways until neither has anything to say. Returns how many went.
int talk(Session& a, Session& b, std::chrono::milliseconds time = 0s) {
    int count = 0;
    for (bool busy = true; busy && count < 100'000;) {
        busy = false;
        for (auto [from, to] : {std::pair(&a, &b), std::pair(&b, &a)})
            for (const auto& m : from->take_outgoing()) {
                to->receive(m, at(time));
                busy = true;
                ++count;
            }
    }
    return count;
}

TEST(Session, ShakesHandsAndAsks) {
    Toy chain;
    Session session(chain, settings(1), at(0s));
    auto out = session.take_outgoing();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(std::get<Version>(out[0]).nonce, 1u);
    EXPECT_EQ(std::get<Version>(out[0]).services, 0u);
    session.receive(Version{}, at(0s));
    session.receive(Other{"wtxidrelay"}, at(0s));
    EXPECT_FALSE(session.ready());
    session.receive(Verack{}, at(0s));
    EXPECT_TRUE(session.ready());
    out = session.take_outgoing();
    ASSERT_EQ(out.size(), 3u);
    EXPECT_TRUE(std::holds_alternative<Verack>(out[0]));
    EXPECT_TRUE(std::holds_alternative<SendHeaders>(out[1]));
    EXPECT_EQ(std::get<GetHeaders>(out[2]).locator, std::vector{regtest().genesis_hash});
    EXPECT_FALSE(session.level());
    session.receive(Headers{}, at(0s));
    EXPECT_TRUE(session.level());
}

TEST(Session, DropsWhoIsNoPeer) {
    Toy chain;
    Session self(chain, settings(7), at(0s)), old(chain, settings(7), at(0s)),
        rude(chain, settings(7), at(0s));
    Version version;
    version.nonce = 7;
    self.receive(version, at(0s));
    ASSERT_TRUE(self.dropped());
    EXPECT_TRUE(self.dropped()->self);
    version.nonce = 8;
    version.protocol = 60002;
    old.receive(version, at(0s));
    EXPECT_EQ(old.dropped()->reason, "protocol version 60002, at least 70012 is needed");
    rude.receive(Ping{1}, at(0s));
    EXPECT_EQ(rude.dropped()->reason, "'ping' before 'version'");
    Session mute(chain, settings(7), at(0s));
    mute.tick(at(14s));
    EXPECT_FALSE(mute.dropped());
    mute.tick(at(15s));
    EXPECT_EQ(mute.dropped()->reason, "no handshake in time");
}

TEST(Session, FollowsALongChainMessageByMessage) {
    Toy ours, theirs;
    theirs.grow(branch(regtest().genesis_hash, 4100));
    Session a(ours, settings(1), at(0s)), b(theirs, settings(2, true), at(0s));
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
    EXPECT_EQ(ours.kept, 4100u);
    EXPECT_TRUE(a.level());
    EXPECT_TRUE(b.level());
    EXPECT_FALSE(a.dropped());
    EXPECT_FALSE(b.dropped());
}

TEST(Session, FetchesWholeBlocksInOrder) {
    Toy ours(true), theirs(true);
    theirs.grow(branch(regtest().genesis_hash, 2050));
    Session a(ours, settings(1), at(0s)), b(theirs, settings(2, true), at(0s));
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
    EXPECT_TRUE(a.level());
    // A block found later is announced by its header, fetched, and not announced back.
    const auto found = branch(theirs.tip_hash(), 1);
    theirs.grow(found);
    b.announce(found);
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
    a.announce(found);
    EXPECT_TRUE(a.take_outgoing().empty());
}

TEST(Session, AnnouncesManyByInventory) {
    Toy ours(true), theirs(true);
    Session a(ours, settings(1), at(0s)), b(theirs, settings(2, true), at(0s));
    talk(a, b);
    const auto found = branch(regtest().genesis_hash, 9);
    theirs.grow(found);
    b.announce(found);
    const auto out = b.take_outgoing();
    ASSERT_EQ(out.size(), 1u);
    ASSERT_TRUE(std::holds_alternative<Inventory>(out[0]));
    a.receive(out[0], at(1s));
    talk(a, b);
    EXPECT_EQ(ours.tip_hash(), theirs.tip_hash());
}

TEST(Session, ReorganisesToTheMostWork) {
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

TEST(Session, AFullDiskIsNoFaultOfThePeer) {
    Toy chain;
    Played peer(chain);
    const auto headers = branch(chain.tip_hash(), 4);
    chain.full = true;
    peer.hears({headers[0], headers[1]});
    EXPECT_EQ(peer.dropped(), "");
    EXPECT_EQ(chain.tip_hash(), headers[1].hash());
    ASSERT_TRUE(chain.trouble());
    EXPECT_EQ(chain.trouble()->what, "no room");
    EXPECT_EQ(chain.kept, 0u);
    peer.hears({headers[2]});
    EXPECT_TRUE(chain.trouble());
    chain.full = false;
    peer.hears({headers[3]});
    EXPECT_FALSE(chain.trouble());
    EXPECT_EQ(chain.kept, 4u);
}

TEST(Session, LiesEndIt) {
    const auto good = branch(regtest().genesis_hash, 3);
    const auto after = [&](std::vector<BlockHeader> headers) {
        Toy chain;
        Played peer(chain);
        peer.hears(std::move(headers));
        EXPECT_EQ(chain.kept, 0u);
        EXPECT_EQ(peer.session.dropped().value_or(Session::Drop{}).ban, 600s);
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

TEST(Session, AHeaderFromTheFutureIsPutOff) {
    Toy chain;
    Played peer(chain);
    peer.hears({test::mine(regtest().genesis_hash, static_cast<std::uint32_t>(kTime + 7201))});
    EXPECT_EQ(peer.dropped(), "");
    EXPECT_EQ(chain.kept, 0u);
}

TEST(Session, AnotherChainIsLeftAfterAFewTries) {
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
    EXPECT_EQ(peer.dropped(), "headers that lead to no block of this chain");
}

TEST(Session, AShortOtherChainIsLeftInTime) {
    Toy chain;
    Played peer(chain);
    Hash256 elsewhere;
    elsewhere.bytes.fill(7);
    peer.hears(branch(elsewhere, 2), 1s);
    peer.session.tick(at(4s));
    EXPECT_EQ(peer.dropped(), "");
    peer.session.tick(at(5s));
    EXPECT_EQ(peer.dropped(), "headers that lead to no block of this chain");
}

// bcoin announces by headers, also to who is far behind.
TEST(Session, NewsWhileAnAnswerIsDueAreAskedForAfterIt) {
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
    EXPECT_TRUE(peer.session.level());
    EXPECT_EQ(peer.dropped(), "");
}

// Ours has 5000 blocks; theirs, from genesis, first 4000 and in the end 6000.
TEST(Session, ALongBranchIsCountedBeforeItIsStored) {
    Toy ours, weak, strong;
    const auto long_branch = branch(regtest().genesis_hash, 6000, 2);
    ours.grow(branch(regtest().genesis_hash, 5000, 1));
    weak.grow({long_branch.begin(), long_branch.begin() + 4000});
    Session a(ours, settings(1), at(0s)), b(weak, settings(2, true), at(0s));
    talk(a, b);
    EXPECT_EQ(ours.size(), 5001u);
    EXPECT_TRUE(a.level());
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

TEST(Session, AnotherBranchAtTheSecondAskingEndsIt) {
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
    EXPECT_EQ(peer.dropped(), "another branch when asked for it again");
    EXPECT_EQ(ours.size(), 3001u);
}

TEST(Session, AFloodOfSiblingsEndsIt) {
    Toy chain;
    chain.grow(branch(regtest().genesis_hash, 3));
    Played peer(chain);
    std::size_t heard = 0;
    for (std::uint32_t salt = 1; peer.dropped().empty() && heard < 10'000; ++salt, ++heard)
        peer.hears(branch(regtest().genesis_hash, 1, salt));
    EXPECT_EQ(peer.dropped(), "a flood of headers of losing branches");
    EXPECT_EQ(heard, 4001u);
}

TEST(Session, AFloodOfWeakBranchesIsNotStoredAndEndsIt) {
    Toy chain;
    chain.grow(branch(regtest().genesis_hash, 400));
    Played peer(chain);
    int heard = 0;
    for (std::uint32_t salt = 1; peer.dropped().empty() && heard < 5000; ++salt, ++heard)
        peer.hears(branch(regtest().genesis_hash, 2, salt));
    EXPECT_EQ(peer.dropped(), "a flood of headers with too little work");
    EXPECT_EQ(heard, 1001);
    EXPECT_EQ(chain.size(), 401u);
}

TEST(Session, TheSameHeadersForEverEndIt) {
    Toy chain;
    const auto full = branch(regtest().genesis_hash, 2000);
    Played peer(chain);
    peer.hears(full);
    EXPECT_EQ(peer.dropped(), "");
    peer.hears(full);
    EXPECT_EQ(peer.dropped(), "the same headers again and again");
}

TEST(Session, TellsStallingFromSilenceAndFromHavingNothing) {
    Toy chain;
    Played stalling(chain, 10), silent(chain, 10), nothing(chain, 0);
    for (auto* peer : {&stalling, &silent, &nothing}) {
        peer->session.tick(at(15s));
        EXPECT_EQ(peer->said<Ping>().size(), 1u);
        if (peer != &silent) peer->session.receive(Pong{}, at(16s));
        peer->session.tick(at(30s));
    }
    EXPECT_EQ(stalling.dropped(), "no answer to 'getheaders'");
    EXPECT_EQ(stalling.session.dropped()->ban, 60s);
    EXPECT_TRUE(nothing.session.level());
    EXPECT_EQ(silent.dropped(), "");
    silent.session.tick(at(90s));
    EXPECT_EQ(silent.dropped(), "silent: the connection is lost");
    EXPECT_EQ(silent.session.dropped()->ban, 0s);
}

TEST(Session, BlocksAreCheckedAsTheyCome) {
    const auto chain = branch(regtest().genesis_hash, 2);
    Toy full(true);
    full.grow(chain);
    {
        Toy ours(true);
        Played peer(ours, 2);
        peer.session.receive(BlockData{*full.block(chain[0].hash())}, at(0s));
        EXPECT_EQ(peer.dropped(), "a block that nobody asked for");
    }
    {
        Toy ours(true);
        Played peer(ours, 2);
        peer.hears(chain);
        EXPECT_EQ(peer.said<GetData>().back().items.size(), 2u);
        EXPECT_EQ(ours.kept, 0u);  // no header without its block
        peer.session.receive(BlockData{*full.block(chain[1].hash())}, at(0s));
        EXPECT_EQ(peer.dropped(), "a block that is not the one due");
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

TEST(Session, ServesWithinBounds) {
    Toy chain(true);
    const auto headers = branch(regtest().genesis_hash, 2);
    chain.grow(headers);
    Played peer(chain);
    static_cast<void>(peer.session.take_outgoing());
    peer.session.receive(GetData{{{InventoryItem::kBlock, headers[0].hash()}, {1, headers[1].hash()}}},
                         at(0s));
    const auto out = peer.session.take_outgoing();
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(Toy::hash_of(std::get<BlockData>(out[0]).raw), headers[0].hash());
    EXPECT_EQ(std::get<NotFound>(out[1]).items, (std::vector<InventoryItem>{{1, headers[1].hash()}}));
    peer.session.receive(GetData{std::vector<InventoryItem>(129)}, at(0s));
    EXPECT_THAT(peer.dropped(), HasSubstr("129 things asked for at once"));
}

}  // namespace
}  // namespace lode::p2p
