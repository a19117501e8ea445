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

Ledger::Ledger(std::vector<std::string> pools) : names_(std::move(pools)) {
    accounts_.pools.resize(names_.size());
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
    return static_cast<std::size_t>(std::ranges::find(names_, pool) - names_.begin());
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
    const auto index = index_of(e.source);
    if (index == names_.size()) return;
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
    const auto index = index_of(e.source);
    if (index < names_.size()) ++accounts_.pools[index].failures;
}

void Ledger::note(const event::DeviceFailed& e) {
    accounts_.devices[e.device].last_failure = std::chrono::system_clock::now();
}

}  // namespace lode::cgminer_api
