#include "p2p/local_chain.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/target.h"
#include "crypto/sha256.h"
#include "p2p/block_rules.h"
#include "p2p/mined.h"
#include "support/small_chain.h"
#include "work/coinbase.h"

namespace lode::p2p {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Status = p2p::Chain::Status;
using test::kTime;
using test::regtest;
using ::testing::HasSubstr;

constexpr std::uint64_t kSubsidy = 5'000'000'000;

Bytes coinbase(std::int64_t height, std::uint64_t value = kSubsidy, const char* tag = "") {
    work::CoinbaseSpec spec;
    spec.height = height;
    spec.value = value;
    spec.script = {0x51};
    spec.tag = tag;
    spec.extranonce_bytes = 8;
    auto halves = work::make_coinbase(spec).value();
    halves.before.insert(halves.before.end(), spec.extranonce_bytes, 0);
    halves.before.insert(halves.before.end(), halves.after.begin(), halves.after.end());
    return halves.before;
}

Bytes block(const Hash256& prev, std::uint32_t time, const std::vector<Bytes>& transactions) {
    BlockHeader header;
    header.version = 0x20000000;
    header.prev = prev;
    header.time = time;
    header.bits = 0x207fffff;
    header.merkle_root = crypto::sha256d(transactions.front());
    const auto raw = lode::test::with_work(header).serialize();
    Bytes out(raw.begin(), raw.end());
    out.push_back(static_cast<std::uint8_t>(transactions.size()));
    for (const auto& t : transactions) out.insert(out.end(), t.begin(), t.end());
    return out;
}

Hash256 hash_of(const Bytes& raw) {
    return BlockHeader::parse(std::span(raw).first<kHeaderSize>()).hash();
}

std::string broken_rule(const Bytes& raw, std::int64_t height) {
    const auto view = chain::parse_block(raw);
    if (!view) return "unreadable: " + view.error().what;
    const auto error = check_local_block(*view, regtest(), height);
    return error ? error->what + " / " + error->expected : "";
}

TEST(LocalBlockRules, EachByName) {
    const Hash256 prev = regtest().genesis_hash;
    const auto with = [&](const Bytes& cb) { return block(prev, kTime, {cb}); };
    EXPECT_EQ(broken_rule(with(coinbase(1)), 1), "");
    EXPECT_EQ(broken_rule(with(coinbase(16)), 16), "");
    EXPECT_EQ(broken_rule(with(coinbase(128)), 128), "");
    EXPECT_EQ(broken_rule(with(coinbase(127)), 128), "bad-cb-height: the script begins 017f08 / 028000");
    EXPECT_EQ(broken_rule(with(coinbase(1, kSubsidy + 1)), 1),
              "bad-cb-amount: 5000000001 / at most 5000000000");
    // Regtest halves every 150 blocks.
    EXPECT_EQ(broken_rule(with(coinbase(150, kSubsidy / 2)), 150), "");
    EXPECT_EQ(broken_rule(with(coinbase(150, kSubsidy / 2 + 1)), 150),
              "bad-cb-amount: 2500000001 / at most 2500000000");
    EXPECT_THAT(broken_rule(block(prev, kTime, {coinbase(1), coinbase(1, 0, "two")}), 1),
                HasSubstr("2 transactions"));
    auto forged = with(coinbase(1));
    forged[kHeaderSize + 1 + 50] ^= 1;  // within the coinbase's script
    EXPECT_THAT(broken_rule(forged, 1), HasSubstr("bad-txnmrklroot"));
    auto spending = coinbase(1);
    spending[10] = 1;  // the outpoint
    EXPECT_THAT(broken_rule(with(spending), 1), HasSubstr("bad-cb-missing"));
    EXPECT_THAT(broken_rule({1, 2, 3}, 1), HasSubstr("unreadable"));
}

struct LocalChainTest : ::testing::Test {
    std::unique_ptr<LocalChain> open() {
        auto chain =
            LocalChain::open(dir.path(), regtest(), [this](const p2p::TipMove& m) { moves.push_back(m); });
        EXPECT_TRUE(chain) << chain.error().text();
        return std::move(*chain);
    }
    lode::test::TemporaryDir dir;
    std::vector<p2p::TipMove> moves;
};

TEST_F(LocalChainTest, KeepsBlocksAndBranchesAndGoesOn) {
    const auto first = block(regtest().genesis_hash, kTime, {coinbase(1)});
    const auto sibling = block(regtest().genesis_hash, kTime, {coinbase(1, kSubsidy, "other")});
    const auto second = block(hash_of(sibling), kTime + 1, {coinbase(2)});
    {
        auto chain = open();
        EXPECT_EQ(chain->add_block(second, kTime).status, Status::Later);  // its parent comes later
        EXPECT_EQ(chain->add_block(first, kTime).status, Status::Added);
        EXPECT_EQ(chain->add_block(first, kTime).status, Status::Added);
        EXPECT_EQ(chain->add_block(sibling, kTime).status, Status::Added);
        EXPECT_EQ(moves.size(), 1u);
        EXPECT_EQ(chain->add_block(second, kTime).status, Status::Added);
        ASSERT_EQ(moves.size(), 2u);
        ASSERT_TRUE(moves[1].reorganisation);
        EXPECT_EQ(moves[1].reorganisation->depth, 1);
        const auto headers = chain->connected(moves[1], 9);
        ASSERT_EQ(headers.size(), 2u);  // sibling and second, which peers have not heard of
        EXPECT_EQ(headers[0].hash(), hash_of(sibling));
    }
    const auto chain = open();
    EXPECT_TRUE(chain->remarks().empty());
    EXPECT_EQ(chain->tip().height, 2);
    EXPECT_EQ(chain->block(hash_of(first)), first);
    EXPECT_EQ(chain->block(hash_of(second)), second);
    EXPECT_EQ(chain->block(regtest().genesis_hash), std::nullopt);
}

TEST_F(LocalChainTest, RefusesAndStoresNothing) {
    auto chain = open();
    const Hash256 genesis = regtest().genesis_hash;
    const auto refused = [&](const Bytes& raw) {
        const auto answer = chain->add_block(raw, kTime);
        EXPECT_EQ(answer.status, Status::Invalid);
        EXPECT_FALSE(chain->block(hash_of(raw)));
        return answer.reason;
    };
    EXPECT_THAT(refused(block(genesis, kTime, {coinbase(2)})), HasSubstr("bad-cb-height"));
    EXPECT_THAT(refused(block(genesis, kTime, {coinbase(1, kSubsidy + 1)})), HasSubstr("bad-cb-amount"));
    EXPECT_THAT(refused(block(genesis, regtest().genesis.time, {coinbase(1)})), HasSubstr("time-too-old"));
    auto lazy = block(genesis, kTime, {coinbase(1)});
    while (hash_of(lazy).number() <= *chain::target_of(0x207fffff)) ++lazy[76];  // the nonce
    EXPECT_THAT(refused(lazy), HasSubstr("high-hash"));
    EXPECT_EQ(chain->add_block(block(genesis, kTime + 7201, {coinbase(1)}), kTime).status, Status::Later);
    EXPECT_EQ(chain->tip().height, 0);
}

// A kill between the block's file and the header's.
TEST_F(LocalChainTest, ABlockWithoutItsHeaderIsLinkedAgain) {
    const auto first = block(regtest().genesis_hash, kTime, {coinbase(1)});
    { EXPECT_EQ(open()->add_block(first, kTime).status, Status::Added); }
    ASSERT_TRUE(std::filesystem::remove(dir.path() + "/regtest/headers.dat"));
    const auto chain = open();
    EXPECT_EQ(chain->tip().height, 1);
    EXPECT_TRUE(chain->find(hash_of(first)));
}

TEST_F(LocalChainTest, AHeaderWithoutItsBlockIsNamed) {
    {
        EXPECT_EQ(open()->add_block(block(regtest().genesis_hash, kTime, {coinbase(1)}), kTime).status,
                  Status::Added);
    }
    ASSERT_TRUE(std::filesystem::remove(dir.path() + "/regtest/blocks.dat"));
    const auto chain = open();
    EXPECT_EQ(chain->tip().height, 1);
    ASSERT_EQ(chain->remarks().size(), 1u);
    EXPECT_THAT(chain->remarks()[0], HasSubstr("1 blocks are lost"));
}

TEST_F(LocalChainTest, HasOneOwner) {
    const auto chain = open();
    const auto second = LocalChain::open(dir.path(), regtest(), {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::Storage);
    EXPECT_THAT(second.error().text(), HasSubstr(std::to_string(::getpid())));
}

}  // namespace
}  // namespace lode::p2p
