// The 20-minute rule of testnets, used on purpose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/target.h"
#include "source/node/min_difficulty.h"
#include "source/registry.h"
#include "support/fake_node.h"
#include "support/templates.h"
#include "util/url.h"

namespace lode::source::node {
namespace {

using lode::testing::FakeCall;
using lode::testing::FakeReply;
using lode::testing::result;

constexpr std::uint32_t kNow = 1795201700;

Template template_at(std::int64_t height, std::uint32_t bits = 0x1a00ffff) {
    Template t;
    t.height = height;
    t.bits = bits;
    t.target = *chain::parse_bits(bits);
    t.time = kNow;
    return t;
}

TEST(MinDifficulty, TheTimeIsPutJustPastTwentyMinutes) {
    const auto easy = with_min_difficulty(template_at(100), "testnet4", kNow - 60);
    ASSERT_TRUE(easy);
    EXPECT_EQ(easy->time, kNow - 60 + 1201);
    EXPECT_EQ(easy->bits, 0x1d00ffffu);
    EXPECT_EQ(easy->target, *chain::parse_bits(0x1d00ffff));
    // The twenty minutes are over anyway, but the node's template is of before.
    EXPECT_EQ(with_min_difficulty(template_at(100), "testnet3", kNow - 5000)->time, kNow);
}

TEST(MinDifficulty, NothingWhereItGivesNothing) {
    EXPECT_FALSE(with_min_difficulty(template_at(2016 * 7), "testnet4", kNow - 60));         // a retarget
    EXPECT_FALSE(with_min_difficulty(template_at(100, 0x1d00ffff), "testnet4", kNow - 60));  // easy already
    for (const char* network : {"main", "signet", "regtest", "local", "", "nowhere"})
        EXPECT_FALSE(with_min_difficulty(template_at(100), network, kNow - 60)) << network;
}

// A block's time may be two hours ahead; a minute of that is left for clocks that differ.
TEST(MinDifficulty, NothingUntilNodesTakeIt) {
    EXPECT_TRUE(with_min_difficulty(template_at(100), "testnet4", kNow + 7140 - 1201));
    EXPECT_FALSE(with_min_difficulty(template_at(100), "testnet4", kNow + 7140 - 1200));
}

struct Mined {
    std::vector<JobPtr> jobs;
    std::vector<Error> errors;
};

Mined mine(const char* chain, const char* address, bool wanted) {
    auto t = lode::testing::knots_template();
    t["bits"] = "1a00ffff";
    t.erase("target");
    boost::asio::io_context io;
    lode::testing::FakeNode node(io, [&](const FakeCall& call) -> FakeReply {
        if (call.method == "getblockchaininfo")
            return result({{"chain", chain}, {"blocks", 150}, {"initialblockdownload", false}});
        if (call.method == "getblockheader") return result({{"height", 150}, {"time", kNow - 60}});
        return call.params[0].contains("mode") ? result(nullptr) : result(t);
    });
    const lode::testing::TemporaryFolder folder;
    SourceOptions options;
    options.data_dir = folder.path();
    options.coinbase_addr = address;
    options.retries = 0;
    options.long_poll = false;
    options.min_difficulty_blocks = wanted;
    lode::testing::RecordingSink sink;
    const auto source = make_source(*util::parse_url(node.url()), options, io.get_executor()).value();
    source->start(sink);
    lode::testing::run_until(io, [&] { return !sink.jobs.empty() || !sink.errors.empty(); });
    source->stop();
    return {sink.jobs, sink.errors};
}

TEST(MinDifficulty, OnlyWhereAskedFor) {
    const char* const address = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx";
    const auto easy = mine("testnet4", address, true), usual = mine("testnet4", address, false);
    ASSERT_TRUE(easy.jobs.size() == 1 && usual.jobs.size() == 1);
    EXPECT_EQ(easy.jobs[0]->bits, 0x1d00ffffu);
    EXPECT_EQ(easy.jobs[0]->time, kNow - 60 + 1201);
    EXPECT_EQ(usual.jobs[0]->bits, 0x1a00ffffu);
    EXPECT_EQ(usual.jobs[0]->time, kNow);
    const auto refused = mine("regtest", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", true);
    ASSERT_EQ(refused.errors.size(), 1u);
    EXPECT_THAT(refused.errors[0].text(), ::testing::HasSubstr("regtest has no rule"));
}

}  // namespace
}  // namespace lode::source::node
