#include "cgminer_api/ledger.h"

#include <gtest/gtest.h>

#include "work/roll.h"

namespace lode::cgminer_api {
namespace {

using Status = Outcome::Status;

JobPtr job(double difficulty, std::uint8_t tip, bool solo = false) {
    Job job;
    job.difficulty = difficulty;
    job.height = 7;
    job.bits = 0x1d00ffff;
    job.prev.bytes[0] = tip;
    job.single_block = solo;
    return work::seal(std::move(job));
}

Solution solution(JobPtr of, double difficulty, bool block = false) {
    Solution s;
    s.job = std::move(of);
    s.difficulty = difficulty;
    s.block = block;
    s.device = "cpu";
    return s;
}

std::vector<Pool> pools(std::initializer_list<const char*> names) {
    std::vector<Pool> pools;
    for (const char* name : names) pools.push_back({name, {}, {}, pools.size()});
    return pools;
}

TEST(Ledger, CountsByPoolAndDevice) {
    Ledger ledger(pools({"a:1", "b:2"}));
    const auto a = job(4, 1), b = job(16, 1);
    ledger.on(event::JobReceived{a, "a:1"});
    ledger.on(event::ShareResult{solution(a, 5), {Status::Accepted, {}}, {}});
    ledger.on(event::ShareResult{solution(a, 9), {Status::Rejected, "low"}, {}});
    ledger.on(event::SourceLost{"a:1", {}, {}});
    ledger.on(event::JobReceived{b, "b:2"});
    ledger.on(event::ShareResult{solution(b, 20), {Status::Accepted, {}}, {}});
    ledger.on(event::ShareResult{solution(b, 21), {Status::Stale, {}}, {}});
    ledger.on(event::ShareResult{solution(b, 22), {Status::Unknown, {}}, {}});

    const Accounts accounts = ledger.accounts();
    EXPECT_EQ(accounts.active_pool, 1u);
    EXPECT_EQ(accounts.pools[0].accepted, 1u);
    EXPECT_EQ(accounts.pools[0].rejected, 1u);
    EXPECT_EQ(accounts.pools[0].accepted_difficulty, 4);
    EXPECT_EQ(accounts.pools[0].failures, 1u);
    EXPECT_EQ(accounts.pools[1].stale_difficulty, 16);
    EXPECT_EQ(accounts.pools[1].best_difficulty, 20);
    EXPECT_EQ(accounts.pools[1].jobs, 1u);
    EXPECT_EQ(accounts.pools[1].job_height, 7);
    EXPECT_EQ(accounts.network_difficulty, 1);
    EXPECT_EQ(accounts.all.accepted, 2u);
    EXPECT_EQ(accounts.all.difficulty(), 4 + 4 + 16 + 16);
    EXPECT_EQ(accounts.devices.at("cpu").accepted, 2u);
    EXPECT_EQ(accounts.devices.at("cpu").last_pool, 1);
}

// A pool's block comes as a block and as a share; of a node's, and of the local chain, there are blocks only.
TEST(Ledger, ABlockCountsOnce) {
    Ledger ledger(pools({"local"}));
    const auto shared = job(1, 1), solo = job(1, 2, true);
    ledger.on(event::BlockResult{solution(shared, 5, true), {Status::Accepted, {}}, {}});
    ledger.on(event::ShareResult{solution(shared, 5, true), {Status::Accepted, {}}, {}});
    EXPECT_EQ(ledger.accounts().all.accepted, 1u);
    ledger.on(event::BlockResult{solution(solo, 5, true), {Status::Accepted, {}}, {}});
    EXPECT_EQ(ledger.accounts().all.accepted, 2u);
}

TEST(Ledger, NoticesNewTips) {
    Ledger ledger(pools({"local"}));
    for (const std::uint8_t tip : {std::uint8_t{1}, std::uint8_t{1}, std::uint8_t{2}})
        ledger.on(event::JobReceived{job(1, tip), "local"});
    EXPECT_EQ(ledger.accounts().network_blocks, 2u);
    EXPECT_EQ(ledger.accounts().tip.bytes[0], 2);
    EXPECT_EQ(ledger.accounts().pools[0].jobs, 3u);
}

TEST(Ledger, PoolsThatStayKeepTheirAccounts) {
    Ledger ledger(pools({"a:1", "b:2"}));
    const auto b = job(16, 1);
    ledger.on(event::SourceLost{"a:1", {}, {}});
    ledger.on(event::JobReceived{b, "b:2"});
    ledger.on(event::ShareResult{solution(b, 20), {Status::Accepted, {}}, {}});

    ledger.set_pools(pools({"b:2", "c:3"}));
    Accounts accounts = ledger.accounts();
    ASSERT_EQ(accounts.pools.size(), 2u);
    EXPECT_EQ(accounts.pools[0].accepted, 1u);
    EXPECT_EQ(accounts.pools[0].pool.priority, 0u);
    EXPECT_EQ(accounts.pools[1].pool.name, "c:3");
    EXPECT_EQ(accounts.pools[1].jobs, 0u);
    EXPECT_EQ(accounts.active_pool, 0u);
    EXPECT_EQ(accounts.devices.at("cpu").last_pool, 0);
    EXPECT_EQ(accounts.failures, 1u);

    ledger.set_pools(pools({"d:4"}));
    ledger.on(event::ShareResult{solution(b, 20), {Status::Accepted, {}}, {}});  // sent before
    accounts = ledger.accounts();
    EXPECT_EQ(accounts.active_pool, 1u);  // none
    EXPECT_EQ(accounts.pools[0].accepted, 0u);
    EXPECT_EQ(accounts.devices.at("cpu").last_pool, -1);
    ledger.on(event::JobReceived{job(4, 2), "d:4"});
    EXPECT_EQ(ledger.accounts().active_pool, 0u);
}

// With two users, say.
TEST(Ledger, TheSamePoolTwiceKeepsOneAccountEach) {
    Ledger ledger(pools({"a:1", "a:1"}));
    ledger.on(event::JobReceived{job(4, 1), "a:1"});
    ledger.set_pools(pools({"a:1", "a:1"}));
    const Accounts accounts = ledger.accounts();
    EXPECT_EQ(accounts.active_pool, 0u);
    EXPECT_EQ(accounts.pools[0].jobs, 1u);
    EXPECT_EQ(accounts.pools[1].jobs, 0u);
}

TEST(Ledger, UnknownSourcesAreIgnored) {
    Ledger ledger(pools({"a:1"}));
    ledger.on(event::JobReceived{job(1, 1), "elsewhere:1"});
    EXPECT_EQ(ledger.accounts().pools[0].jobs, 0u);
    EXPECT_EQ(ledger.accounts().active_pool, 0u);
}

}  // namespace
}  // namespace lode::cgminer_api
