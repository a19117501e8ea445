// Headers of the real chains, each accepted or rejected as its file states.
#include <map>

#include <gtest/gtest.h>

#include "chain/target.h"
#include "chain/tracker.h"
#include "support/data.h"

namespace lode::chain {
namespace {

constexpr std::int64_t kNow = 1'795'000'000;  // late 2026, after all of them

void accept_all(ChainTracker& tracker, std::span<const BlockHeader> headers) {
    for (const BlockHeader& header : headers) {
        const auto result = tracker.accept(header, kNow);
        ASSERT_TRUE(result) << result.error().error().text();
        ASSERT_NE(result->status, Accepted::Status::Orphan) << header.hash().hex();
    }
}

int count_retargets(const ChainTracker& tracker) {
    int count = 0;
    for (std::int64_t h = tracker.anchor().height + 1; tracker.at_height(h); ++h)
        if (starts_period(tracker.network(), h) && tracker.at_height(h - tracker.network().period)) ++count;
    return count;
}

// Blocks that used the 20-minute rule, and those after them that had to look back for their target.
struct Easy {
    int used = 0, walked = 0;
};
Easy count_easy(const ChainTracker& tracker) {
    Easy easy;
    const Network& n = tracker.network();
    for (std::int64_t h = tracker.anchor().height + 1; tracker.at_height(h); ++h) {
        const auto& now = tracker[*tracker.at_height(h)];
        const auto& before = tracker[*tracker.at_height(h - 1)];
        if (starts_period(n, h)) continue;
        const bool late = std::int64_t{now.time} > std::int64_t{before.time} + 1200;
        if (late) ++easy.used;
        if (!late && before.bits == n.pow_limit_bits && now.bits != n.pow_limit_bits) ++easy.walked;
    }
    return easy;
}

Uint256 hex(const std::string& text) {
    return *Uint256::from_hex(text);
}

// Work up to and including a mainnet block in the first period after a checkpoint.
Uint256 work_from_checkpoint(const std::vector<std::vector<std::string>>& checkpoints, std::int64_t height) {
    for (const auto& row : checkpoints) {
        const std::int64_t at = std::stoll(row.at(0));
        if (height < at || height >= at + 2016) continue;
        const auto each = work_of_bits(test::header_from_hex(row.at(2)).bits);
        return hex(row.at(1)) + each * static_cast<std::uint64_t>(height - at);
    }
    return {};
}

TEST(RealChain, MainnetFromGenesis) {
    LODE_DATA(headers, read_headers("mainnet/mainnet_000000-049999.headers.bin"));
    LODE_DATA(checkpoints, read_csv("checkpoints/bitcoinj_mainnet_checkpoints.decoded.csv"));
    ChainTracker tracker(*find_network("main"));
    accept_all(tracker, headers);
    EXPECT_EQ(tracker.height(tracker.tip()), 49999);
    EXPECT_EQ(count_retargets(tracker), 24);
    int compared = 0;
    for (const auto& row : checkpoints) {
        const auto i = tracker.at_height(std::stoll(row.at(0)));
        if (!i) continue;
        EXPECT_EQ(tracker.work(*i), hex(row.at(1))) << row.at(0);
        EXPECT_EQ(tracker.header(*i), test::header_from_hex(row.at(2)));
        ++compared;
    }
    EXPECT_EQ(compared, 24);
}

TEST(RealChain, MainnetFromACheckpointWithItsStaleBranches) {
    LODE_DATA(headers, read_headers("mainnet/mainnet_150000-340000.headers.bin"));
    LODE_DATA(checkpoints, read_csv("checkpoints/bitcoinj_mainnet_checkpoints.decoded.csv"));
    LODE_DATA(stale, read_csv("forks/stale_attached_to_segments.csv"));
    ChainTracker tracker(*find_network("main"),
                         {150000, headers[0], work_from_checkpoint(checkpoints, 150000)});
    accept_all(tracker, headers);
    EXPECT_EQ(tracker.height(tracker.tip()), 340000);
    EXPECT_EQ(count_retargets(tracker), 93);
    int compared = 0;
    for (const auto& row : checkpoints) {
        const auto i = tracker.at_height(std::stoll(row.at(0)));
        if (!i) continue;
        EXPECT_EQ(tracker.work(*i), hex(row.at(1))) << row.at(0);
        ++compared;
    }
    EXPECT_EQ(compared, 94);

    const Index tip = tracker.tip();
    int attached = 0;
    for (const auto& row : stale) {
        const std::int64_t height = std::stoll(row.at(0));
        const BlockHeader header = test::header_from_hex(row.at(2));
        const auto result = tracker.accept(header, kNow);
        ASSERT_TRUE(result) << result.error().error().text();
        if (height < 306343 || height > 340000) continue;
        ASSERT_EQ(result->status, Accepted::Status::Added) << height;
        EXPECT_EQ(tracker.hash(result->index).hex(), row.at(1));
        EXPECT_EQ(tracker.height(result->index), height);
        EXPECT_EQ(tracker.height(tracker.fork_point(result->index, tip)), height - 1);
        EXPECT_FALSE(result->new_tip);
        ++attached;
    }
    EXPECT_EQ(attached, 76);
    EXPECT_EQ(tracker.tip(), tip);
}

TEST(RealChain, AllRetargetsOfMainnet) {
    LODE_DATA(rows, read_csv("mainnet/mainnet_retarget-boundaries_000000-832608.csv"));
    const Network& main = *find_network("main");
    std::map<std::int64_t, BlockHeader> at;
    for (const auto& row : rows) at[std::stoll(row.at(0))] = test::header_from_hex(row.at(1));
    int retargets = 0;
    for (const auto& [height, header] : at) {
        EXPECT_FALSE(check_proof_of_work(main, header, header.hash())) << height;
        if (height == 0 || !starts_period(main, height)) continue;
        const BlockHeader& first = at.at(height - 2016);
        const BlockHeader& last = at.at(height - 1);
        EXPECT_EQ(header.prev, last.hash()) << height;
        EXPECT_EQ(header.bits, retarget(main, first.time, last.time, last.bits)) << height;
        ++retargets;
    }
    EXPECT_EQ(retargets, 413);
}

// A period has one target, so the work at every boundary follows from the boundaries alone.
TEST(RealChain, WorkAtEveryBoundaryAndCheckpoint) {
    LODE_DATA(rows, read_csv("mainnet/mainnet_retarget-boundaries_000000-832608.csv"));
    LODE_DATA(checkpoints, read_csv("checkpoints/bitcoinj_mainnet_checkpoints.decoded.csv"));
    std::map<std::int64_t, Uint256> given;
    for (const auto& row : checkpoints) given[std::stoll(row.at(0))] = hex(row.at(1));
    Uint256 work;
    int compared = 0;
    for (const auto& row : rows) {
        const std::int64_t height = std::stoll(row.at(0));
        const auto each = work_of_bits(test::header_from_hex(row.at(1)).bits);
        work += height % 2016 == 0 ? each : each * 2015;
        if (row.size() > 2 && !row[2].empty()) {
            EXPECT_EQ(work, hex(row[2])) << height;
        }
        if (const auto checkpoint = given.find(height); checkpoint != given.end()) {
            EXPECT_EQ(work, checkpoint->second) << height;
            ++compared;
        }
    }
    EXPECT_EQ(compared, 413);
    // Beyond the last boundary the checkpoints alone carry on: 2016 blocks of the bits at each.
    Uint256 carried;
    std::uint32_t bits = 0;
    for (const auto& row : checkpoints) {
        const std::uint32_t now = test::header_from_hex(row.at(2)).bits;
        if (bits != 0) {
            EXPECT_EQ(carried + work_of_bits(bits) * 2015 + work_of_bits(now), hex(row.at(1))) << row.at(0);
        }
        carried = hex(row.at(1));
        bits = now;
    }
}

// alt 2016 has the work of mainnet 2019: losing, tied (first seen stays), overtaken.
TEST(RealChain, AlternativeMainnetInThreeSteps) {
    LODE_DATA(headers, read_headers("mainnet/mainnet_000000-049999.headers.bin"));
    LODE_DATA(alt, read_headers("forks/mainnet_alt_0000-2016.headers.bin"));
    ChainTracker tracker(*find_network("main"));
    accept_all(tracker, std::span(headers).first(2019));  // up to 2018
    const Hash256 main_tip = tracker.hash(tracker.tip());
    accept_all(tracker, std::span(alt).first(alt.size() - 1));
    EXPECT_EQ(tracker.hash(tracker.tip()), main_tip);  // losing so far

    const auto overtakes = tracker.accept(alt.back(), kNow);
    ASSERT_TRUE(overtakes);
    ASSERT_TRUE(overtakes->new_tip && overtakes->reorganisation);
    EXPECT_EQ(overtakes->reorganisation->depth, 2018);
    EXPECT_EQ(overtakes->reorganisation->old_tip, main_tip);
    EXPECT_EQ(overtakes->reorganisation->new_tip, alt.back().hash());
    EXPECT_EQ(overtakes->reorganisation->height, 2016);

    const auto tie = tracker.accept(headers[2019], kNow);
    ASSERT_TRUE(tie);
    EXPECT_FALSE(tie->new_tip);
    EXPECT_EQ(tracker.work(tie->index), tracker.work(tracker.tip()));
    EXPECT_EQ(tracker.hash(tracker.tip()), alt.back().hash());  // first seen stays

    const auto back = tracker.accept(headers[2020], kNow);
    ASSERT_TRUE(back);
    ASSERT_TRUE(back->new_tip && back->reorganisation);
    EXPECT_EQ(back->reorganisation->depth, 2016);
    EXPECT_EQ(back->reorganisation->height, 2020);
    EXPECT_EQ(tracker.branch_tips().size(), 1u);
}

TEST(RealChain, Testnet3FromGenesis) {
    LODE_DATA(headers, read_headers("testnet3/testnet3_0000000-0010000.headers.bin"));
    ChainTracker tracker(*find_network("testnet3"));
    accept_all(tracker, headers);
    EXPECT_EQ(tracker.height(tracker.tip()), 10000);
    EXPECT_EQ(count_retargets(tracker), 4);
    EXPECT_EQ(count_easy(tracker).used, 184);
}

TEST(RealChain, Testnet3FromTheMiddle) {
    LODE_DATA(headers, read_headers("testnet3/testnet3_1894117-1901466.headers.bin"));
    ChainTracker tracker(*find_network("testnet3"), {1894117, headers[0], Uint256(1)});
    accept_all(tracker, headers);
    EXPECT_EQ(tracker.height(tracker.tip()), 1901466);
    EXPECT_EQ(count_retargets(tracker), 3);
    EXPECT_EQ(count_easy(tracker).used, 1153);
    EXPECT_EQ(count_easy(tracker).walked, 748);
}

TEST(RealChain, SignetBranches) {
    LODE_DATA(standard, read_headers("signet/signet_default_000000-002015.headers.bin"));
    LODE_DATA(custom, read_headers("signet/signet_custom-sri-high-diff_000000-046069.headers.bin"));
    ChainTracker tracker(*find_network("signet"));
    accept_all(tracker, standard);
    EXPECT_EQ(tracker.height(tracker.tip()), 2015);
    accept_all(tracker, custom);
    EXPECT_EQ(tracker.height(tracker.tip()), 46069);
    EXPECT_EQ(tracker.hash(tracker.tip()), custom.back().hash());
    EXPECT_EQ(count_retargets(tracker), 22);
    EXPECT_EQ(tracker.branch_tips(), std::vector<Index>{2015});
    EXPECT_EQ(tracker.size(), 2015u + 46069 + 1);
}

TEST(RealChain, Testnet4AndRegtest) {
    LODE_DATA(four, read_headers("testnet4/testnet4_000000-000100.headers.bin"));
    LODE_DATA(reg, read_headers("regtest/regtest_000-100.headers.bin"));
    ChainTracker testnet4(*find_network("testnet4")), regtest(*find_network("regtest"));
    accept_all(testnet4, four);
    accept_all(regtest, reg);
    EXPECT_EQ(testnet4.height(testnet4.tip()), 100);
    EXPECT_EQ(regtest.height(regtest.tip()), 100);
}

// The period that ends at 203,615 begins 1,127 s after the next one: BIP 94 would have refused that.
TEST(RealChain, MainnetTimewarpWouldBreakBip94) {
    LODE_DATA(headers, read_headers("mainnet/mainnet_150000-340000.headers.bin"));
    Network strict = *find_network("main");
    strict.bip94 = true;
    ChainTracker tracker(strict, {150000, headers[0], Uint256(1)});
    for (std::int64_t height = 150001; height <= 340000; ++height) {
        const auto result = tracker.accept(headers[static_cast<std::size_t>(height - 150000)], kNow);
        if (result) continue;
        EXPECT_EQ(height, 203616);
        EXPECT_EQ(result.error().rule, rule::kTimewarp);
        EXPECT_EQ(result.error().height, 203616);
        return;
    }
    FAIL() << "accepted";
}

}  // namespace
}  // namespace lode::chain
