#include "cgminer_api/ledger.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "chain/target.h"

namespace lode::cgminer_api {
namespace {

void add(Account& account, const Solution& solution, const Outcome& outcome, WallTime now) {
    const double difficulty = solution.job->difficulty;
    switch (outcome.status) {
        case Outcome::Status::Accepted:
            ++account.accepted;
            account.accepted_difficulty += difficulty;
            account.last_difficulty = difficulty;
            account.best_difficulty = std::max(account.best_difficulty, solution.difficulty);
            account.last_accepted = now;
            return;
        case Outcome::Status::Rejected:
            ++account.rejected;
            account.rejected_difficulty += difficulty;
            return;
        case Outcome::Status::Stale:
            ++account.stale;
            account.stale_difficulty += difficulty;
            return;
        case Outcome::Status::Unknown:
            return;
    }
}

}  // namespace

void Ledger::set_pools(std::vector<Pool> pools) {
    const std::scoped_lock lock(mutex_);
    const bool first = accounts_.pools.empty();
    const auto before = std::exchange(accounts_.pools, {});
    std::vector<int> moved(before.size(), -1);  // the new index of each
    for (auto& pool : pools) {
        PoolAccount account;
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (before[i].pool.name != pool.name || moved[i] >= 0) continue;
            account = before[i];
            moved[i] = static_cast<int>(accounts_.pools.size());
            break;
        }
        account.pool = std::move(pool);
        accounts_.pools.push_back(std::move(account));
    }
    const auto index = [&](std::size_t old) { return old < moved.size() ? moved[old] : -1; };
    const int active = first ? 0 : index(accounts_.active_pool);
    accounts_.active_pool = active < 0 ? accounts_.pools.size() : static_cast<std::size_t>(active);
    for (auto& [id, device] : accounts_.devices)
        if (device.last_pool >= 0) device.last_pool = index(static_cast<std::size_t>(device.last_pool));
}

void Ledger::on(const Event& event) {
    const std::scoped_lock lock(mutex_);
    std::visit([this](const auto& e) { note(e); }, event);
}

Accounts Ledger::accounts() const {
    const std::scoped_lock lock(mutex_);
    return accounts_;
}

std::size_t Ledger::index_of(const std::string& pool) const {
    const auto& pools = accounts_.pools;
    const auto found = std::ranges::find(pools, pool, [](const auto& account) { return account.pool.name; });
    return static_cast<std::size_t>(found - pools.begin());
}

void Ledger::note(const event::JobReceived& e) {
    const auto now = std::chrono::system_clock::now();
    accounts_.last_job = now;
    accounts_.network_difficulty = chain::difficulty_of_bits(e.job->bits);
    if (e.job->prev != accounts_.tip) {
        accounts_.tip = e.job->prev;
        accounts_.tip_seen = now;
        ++accounts_.network_blocks;
    }
    ++accounts_.jobs;
    const auto index = index_of(e.source);
    if (index == accounts_.pools.size()) return;
    accounts_.active_pool = index;
    PoolAccount& pool = accounts_.pools[index];
    ++pool.jobs;
    pool.job_difficulty = e.job->difficulty;
    pool.job_height = e.job->height;
    pool.job_version = e.job->version;
    pool.job_version_mask = e.job->version_mask;
}

void Ledger::note(const event::ShareResult& e) {
    count(e.solution, e.outcome);
}

// A pool's block is a share too, and counted as that.
void Ledger::note(const event::BlockResult& e) {
    if (e.solution.job->single_block) count(e.solution, e.outcome);
}

void Ledger::count(const Solution& solution, const Outcome& outcome) {
    const auto now = std::chrono::system_clock::now();
    DeviceAccount& device = accounts_.devices[solution.device];
    device.last_hit = now;
    add(device, solution, outcome, now);
    add(accounts_.all, solution, outcome, now);
    if (accounts_.active_pool >= accounts_.pools.size()) return;
    add(accounts_.pools[accounts_.active_pool], solution, outcome, now);
    if (outcome.status == Outcome::Status::Accepted)
        device.last_pool = static_cast<int>(accounts_.active_pool);
}

void Ledger::note(const event::SourceLost& e) {
    ++accounts_.failures;
    const auto index = index_of(e.source);
    if (index < accounts_.pools.size()) ++accounts_.pools[index].failures;
}

void Ledger::note(const event::DeviceFailed& e) {
    accounts_.devices[e.device].last_failure = std::chrono::system_clock::now();
}

}  // namespace lode::cgminer_api
