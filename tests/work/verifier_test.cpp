#include "work/verifier.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "kernels/cpu/kernels.h"
#include "work/roll.h"

namespace lode::work {
namespace {

std::shared_ptr<Job> easy_job() {
    auto job = std::make_shared<Job>();
    job->version = 0x20000000;
    job->version_mask = 0x1fffe000;
    job->extranonce2_size = 4;
    job->coinbase1 = {1, 2, 3};
    job->bits = 0x1f00ffff;
    job->block_target = Uint256(0xffff) << 216;
    job->share_target = (Uint256(1) << 248) - Uint256(1);
    return job;
}

TEST(Verifier, AgreesWithTheKernelOnEveryHit) {
    const auto job = easy_job();
    Verifier verifier;
    unsigned shares = 0, blocks = 0;
    ScanResult result;
    kernels::scan_portable(scan_input(*job, 3), 0, 1000, result);
    ASSERT_GT(result.total, 5u);  // 8000 hashes, one in 256 is a share
    for (std::size_t i = 0; i < result.kept(); ++i) {
        const auto verified = verifier.verify(job, 3, result.hits[i]);
        ASSERT_TRUE(verified.kind == HitKind::Share || verified.kind == HitKind::Block);
        (verified.kind == HitKind::Block ? blocks : shares) += 1;
        EXPECT_EQ(verified.solution.header.hash(), verified.solution.hash);
        EXPECT_LE(verified.solution.hash.number(), job->share_target);
        EXPECT_EQ(verified.solution.header.nonce, result.hits[i].nonce);
        EXPECT_EQ(verifier.verify(job, 3, result.hits[i]).kind, HitKind::Duplicate);
    }
    EXPECT_GT(shares, blocks);
}

TEST(Verifier, WrongHitsAreHardwareErrors) {
    const auto job = easy_job();
    Verifier verifier;
    ScanResult result;
    kernels::scan_portable(scan_input(*job, 0), 0, 200, result);
    std::uint32_t nonce = 0;
    while (std::ranges::any_of(result.hits, [&](const Hit& h) { return h.nonce == nonce; })) ++nonce;
    EXPECT_EQ(verifier.verify(job, 0, {nonce, 0}).kind, HitKind::HardwareError);
    EXPECT_EQ(verifier.verify(job, 0, {0, 8}).kind, HitKind::HardwareError);
    EXPECT_EQ(verifier.verify(job, ~0ULL, {0, 0}).kind, HitKind::HardwareError);
}

TEST(Verifier, TheLowBitsDecideWhereTheTopWordIsEqual) {
    const auto job = easy_job();
    ScanResult result;
    kernels::scan_portable(scan_input(*job, 0), 0, 1000, result);
    Verifier verifier;
    const auto hit = result.hits[0];
    const Uint256 value = verifier.verify(job, 0, hit).solution.hash.number();
    auto exact = easy_job();
    exact->block_target = Uint256(0);
    exact->share_target = value;
    EXPECT_EQ(Verifier().verify(exact, 0, hit).kind, HitKind::Share);  // <=
    exact->share_target = value - Uint256(1);
    EXPECT_EQ(Verifier().verify(exact, 0, hit).kind, HitKind::Miss);
}

}  // namespace
}  // namespace lode::work
