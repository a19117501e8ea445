#include "work/roll.h"

#include <bit>
#include <set>

#include <gtest/gtest.h>

#include "crypto/sha256.h"

namespace lode::work {
namespace {

Job job_with(std::uint32_t version, std::uint32_t mask, std::uint32_t extranonce2_size) {
    Job job;
    job.version = version;
    job.version_mask = mask;
    job.extranonce2_size = extranonce2_size;
    job.time = 1'700'000'000;
    return job;
}

TEST(Roll, VersionsStayInsideTheMaskAndDiffer) {
    const Job job = job_with(0x20000000, 0x1fffe000, 0);
    EXPECT_EQ(variants(job), 8u);
    EXPECT_EQ(rolls(job), 8192u);
    std::set<std::uint32_t> seen;
    for (std::uint64_t roll = 0; roll < rolls(job); ++roll)
        for (unsigned v = 0; v < 8; ++v) {
            const std::uint32_t version = version_of(job, roll, v);
            EXPECT_EQ(version & ~0x1fffe000u, 0x20000000u);
            seen.insert(version);
        }
    EXPECT_EQ(seen.size(), 65536u);
}

TEST(Roll, BitsThatTheJobSetsAreLeftAlone) {
    const Job job = job_with(0x30000000, 0x1fffe000, 4);  // bit 28 signalled, as on regtest
    EXPECT_EQ(rolled_bits(job), 0x0fffe000u);
    for (unsigned v = 0; v < 8; ++v) EXPECT_EQ(version_of(job, 12345, v) & 0x10000000u, 0x10000000u);
}

TEST(Roll, FewOrNoBits) {
    EXPECT_EQ(variants(job_with(0x20000000, 0, 4)), 1u);
    EXPECT_EQ(variants(job_with(0x20000000, 0x2000, 4)), 2u);
    EXPECT_EQ(variants(job_with(0x20000000, 0x6000, 4)), 4u);
    EXPECT_EQ(rolls(job_with(0x20000000, 0x6000, 0)), 1u);
}

TEST(Roll, Extranonce2IsBigEndianAndAsLongAsAsked) {
    EXPECT_TRUE(extranonce2(job_with(1, 0, 0), 0).empty());
    EXPECT_EQ(extranonce2(job_with(1, 0, 1), 255), std::vector<std::uint8_t>{255});
    EXPECT_EQ(extranonce2(job_with(1, 0, 3), 0x010203), (std::vector<std::uint8_t>{1, 2, 3}));
    const auto wide = extranonce2(job_with(1, 0, 32), 0x0102);
    ASSERT_EQ(wide.size(), 32u);
    EXPECT_EQ(wide[30], 1);
    EXPECT_EQ(wide[31], 2);
}

TEST(Roll, Extranonce2CountsFromWhereTheJobSaysAndWrapsAround) {
    Job job = job_with(1, 0, 1);
    job.extranonce2_start = 0xfe;
    EXPECT_EQ(rolls(job), 256u);
    EXPECT_EQ(extranonce2(job, 0), std::vector<std::uint8_t>{0xfe});
    EXPECT_EQ(extranonce2(job, 2), std::vector<std::uint8_t>{0});
    EXPECT_EQ(extranonce2(job, 255), std::vector<std::uint8_t>{0xfd});
    job.extranonce2_size = 9;
    job.extranonce2_start = UINT64_MAX;
    EXPECT_EQ(extranonce2(job, 0), (std::vector<std::uint8_t>{0, 255, 255, 255, 255, 255, 255, 255, 255}));
    EXPECT_EQ(extranonce2(job, 1), std::vector<std::uint8_t>(9));
}

TEST(Roll, TimeMovesOnlyWhenNothingElseIsLeft) {
    Job job = job_with(1, 0, 1);
    job.max_time_roll = 3;
    EXPECT_EQ(rolls(job), 256u * 4);
    EXPECT_EQ(time_of(job, 255), job.time);
    EXPECT_EQ(time_of(job, 256), job.time + 1);
    EXPECT_EQ(extranonce2(job, 256), std::vector<std::uint8_t>{0});
}

// As on a standard channel of Stratum V2.
TEST(Roll, AGivenMerkleRootLeavesVersionsNoncesAndTime) {
    Job job = job_with(0x20000000, 0x1fffe000, 0);
    job.merkle_root = Hash256{{7, 8, 9}};
    job.max_time_roll = 1;
    EXPECT_EQ(rolls(job), 2u * 8192);
    EXPECT_TRUE(extranonce2(job, 8191).empty());
    std::set<std::array<std::uint8_t, kHeaderSize>> seen;
    for (std::uint64_t roll = 0; roll < rolls(job); ++roll)
        for (unsigned v = 0; v < 8; ++v) {
            const BlockHeader header = header_of(job, roll, v);
            EXPECT_EQ(header.merkle_root, *job.merkle_root);
            seen.insert(header.serialize());
        }
    EXPECT_EQ(seen.size(), 2u * 65536);
}

TEST(Roll, CountIsCapped) {
    Job job = job_with(0x20000000, 0x1fffe000, 32);
    job.max_time_roll = 0xffffffff;
    EXPECT_EQ(rolls(job), SearchSpace::kMaxRolls);
}

TEST(Roll, ScanInputIsTheHeader) {
    Job job = job_with(0x20000000, 0x1fffe000, 4);
    job.coinbase1 = {1, 2, 3};
    job.extranonce1 = {4};
    job.coinbase2 = {5};
    job.bits = 0x1d00ffff;
    job.share_target = Uint256(0xffff) << 208;
    const ScanInput input = scan_input(job, 9);
    EXPECT_EQ(input.variants, 8u);
    EXPECT_EQ(input.max_top, 0u);
    for (unsigned v = 0; v < 8; ++v) {
        const auto raw = header_of(job, 9, v).serialize();
        EXPECT_EQ(input.midstate[v], crypto::midstate(std::span(raw).first<64>()));
    }
    EXPECT_EQ(input.tail[1], std::uint32_t{0x00f15365});  // 1700000000 = 0x6553f100, byte-swapped
    EXPECT_EQ(input.tail[2], 0xffff001du);
    EXPECT_EQ(coinbase(job, {9}), (std::vector<std::uint8_t>{1, 2, 3, 4, 9, 5}));
}

}  // namespace
}  // namespace lode::work
