// Jobs from real notify messages, down to the header's hash.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "source/pool/recent_jobs.h"
#include "source/stratum/job_factory.h"
#include "support/data.h"
#include "util/hex.h"
#include "work/roll.h"

namespace lode::source::stratum {
namespace {

using nlohmann::json;

// mainnet block 1's coinbase script with the extranonces cut out: small, and of known shape
Notify small_notify() {
    Notify notify;
    notify.job_id = "1";
    notify.coinbase1 = *util::from_hex(
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0704ffff001d");
    notify.coinbase2 = *util::from_hex("ffffffff0100f2052a0100000000000000");
    notify.version = 0x20000000;
    notify.bits = 0x1d00ffff;
    notify.time = 1'231'469'665;
    return notify;
}

Terms terms(double difficulty = 1, std::uint32_t mask = 0x1fffe000, std::uint32_t size = 4) {
    return {{{0xaa, 0xbb}, size}, difficulty, mask};
}

TEST(StratumJob, MainnetBlock881423BitForBit) {
    LODE_DATA(text, read_data("stratum/mainnet_block881423_stratum_components.json"));
    const json block = json::parse(text);
    const json notify = {
        {"method", "mining.notify"},
        {"params",
         {"1", block["prevhash_stratum_wordswapped"], block["coinbase1"], block["coinbase2"],
          block["merkle_branches"], block["version_in_header"], block["nbits"], block["ntime"], true}}};
    const auto message = parse_line(notify.dump());
    ASSERT_TRUE(message) << message.error().text();
    Terms bound;
    bound.extranonce = *parse_extranonce(block["extranonce1"], 4);
    bound.difficulty = 65536;
    auto draft = draft_job(std::get<Notify>(*message), bound);
    ASSERT_TRUE(draft) << draft.error().text();
    EXPECT_EQ(draft->height, 881423);
    // the roll that gives the recorded extranonce2, as a big-endian number
    const std::uint32_t roll = *util::hex_u32(block["extranonce2"].get<std::string>());
    BlockHeader header = work::header_of(*draft, roll, 0);
    header.nonce = *util::hex_u32(block["nonce"].get<std::string>());
    EXPECT_EQ(util::to_hex(header.serialize()), block["header_hex"]);
    EXPECT_EQ(header.hash().hex(), block["block_hash"]);
    EXPECT_LE(header.hash().number(), draft->block_target);
    EXPECT_LT(draft->block_target, draft->share_target);
}

TEST(StratumJob, RealNotifiesOfALargePool) {
    LODE_DATA(text, read_data("stratum/esp-miner_notify_samples.json"));
    const json samples = json::parse(text)["samples"];
    EXPECT_GT(samples.size(), 0u);
    for (const json& sample : samples) {
        const auto message = parse_line(sample["notify"].dump());
        ASSERT_TRUE(message) << message.error().text();
        const auto draft = draft_job(std::get<Notify>(*message), terms());
        ASSERT_TRUE(draft) << draft.error().text();
        EXPECT_GT(draft->height, 700'000);
        EXPECT_EQ(draft->clean, sample["notify"]["params"].back());  // one has ten parameters, the flag last
    }
}

TEST(StratumJob, TargetsOfDifficulties) {
    // pdiff 1 is 0xffff << 208; 0.5 is twice that
    EXPECT_EQ(share_target(1)->to_short_hex(), "ffff" + std::string(52, '0'));
    EXPECT_EQ(share_target(0.5)->to_short_hex(), "1fffe" + std::string(52, '0'));
    EXPECT_TRUE(share_target(1e-6));
    EXPECT_TRUE(share_target(1e15));
    for (const double bad : {0.0, -1.0, 1e300, 1e-300, std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity()})
        EXPECT_FALSE(share_target(bad)) << bad;
}

TEST(StratumJob, ImpossibleBitsAreRefused) {
    for (const std::uint32_t bits : {0u, 0x1d800001u, 0x01000000u, 0xff123456u}) {
        Notify notify = small_notify();
        notify.bits = bits;
        EXPECT_FALSE(draft_job(notify, terms())) << bits;
    }
}

// Some pools take two versions of one nonce for duplicates.
TEST(StratumJob, VersionsAreNotRolledWhereEveryOtherHashIsAHit) {
    EXPECT_EQ(draft_job(small_notify(), terms(0.0005))->version_mask, 0x1fffe000u);
    EXPECT_EQ(draft_job(small_notify(), terms(0.0001))->version_mask, 0u);
    Notify regtest = small_notify();
    regtest.bits = 0x207fffff;
    EXPECT_EQ(draft_job(regtest, terms())->version_mask, 0u);
}

TEST(RecentJobs, TheSameWorkIsTheSameJob) {
    pool::RecentJobs recent;
    const JobPtr first = recent.seal(*draft_job(small_notify(), terms()), 0, 0);
    EXPECT_EQ(recent.seal(*draft_job(small_notify(), terms()), 0, 0), first);
}

TEST(RecentJobs, SameHeadersContinueTheSearch) {
    pool::RecentJobs recent;
    const JobPtr first = recent.seal(*draft_job(small_notify(), terms()), 0, 0);
    ASSERT_TRUE(first->space->claim(1000));
    Notify renamed = small_notify();
    renamed.job_id = "2";
    const JobPtr harder = recent.seal(*draft_job(renamed, terms(2)), 0, 0);
    EXPECT_NE(harder, first);
    EXPECT_EQ(harder->id, "2");
    EXPECT_LT(harder->share_target, first->share_target);
    EXPECT_EQ(harder->space->claim(1)->first, 1000u);
}

TEST(RecentJobs, OtherHeadersBeginAnew) {
    pool::RecentJobs recent;
    const JobPtr first = recent.seal(*draft_job(small_notify(), terms()), 0, 0);
    ASSERT_TRUE(first->space->claim(1000));
    Notify later = small_notify();
    later.time += 30;
    EXPECT_EQ(recent.seal(*draft_job(later, terms()), 0, 0)->space->claim(1)->first, 0u);
    Terms other = terms();
    other.extranonce.first = {0xcc};
    EXPECT_EQ(recent.seal(*draft_job(small_notify(), other), 0, 0)->space->claim(1)->first, 0u);
}

TEST(RecentJobs, AnotherMaskGoesOnAtTheNextRoll) {
    pool::RecentJobs recent;
    const JobPtr first = recent.seal(*draft_job(small_notify(), terms()), 5, 77);
    EXPECT_EQ(first->space->claim(1)->roll, 5u);
    const JobPtr narrow = recent.seal(*draft_job(small_notify(), terms(1, 0)), 5, 77);
    const auto claim = narrow->space->claim(1);
    EXPECT_EQ(claim->roll, 6u);
    EXPECT_EQ(claim->first, 0u);
}

TEST(RecentJobs, Extranonce2OfEverySize) {
    for (std::uint32_t size = 0; size <= kMaxExtranonce2; ++size) {
        pool::RecentJobs recent;
        const JobPtr job = recent.seal(*draft_job(small_notify(), terms(1, 0, size)), 0, 0);
        const auto claim = job->space->claim(1);
        ASSERT_TRUE(claim) << size;
        EXPECT_EQ(work::extranonce2(*job, claim->roll).size(), size);
        EXPECT_EQ(work::coinbase(*job, work::extranonce2(*job, 0)).size(),
                  job->coinbase1.size() + 2 + size + job->coinbase2.size());
    }
}

}  // namespace
}  // namespace lode::source::stratum
