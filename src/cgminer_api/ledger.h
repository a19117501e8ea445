// What cgminer's API reports beyond a Snapshot: answers by pool and by device, with their difficulties.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "lode/events.h"
#include "lode/header.h"

namespace lode::cgminer_api {

using WallTime = std::chrono::system_clock::time_point;  // its epoch: never

// A source, as the user named it. None of it is secret.
struct Pool {
    std::string name;  // WorkSource::name(): URL without credentials, or "local"
    std::string user;
    std::string proxy;         // host:port; empty: none
    std::size_t priority = 0;  // the order in which pools are tried, from 0
};

// Answers to shares; where a block is the only thing looked for, to blocks.
struct Account {
    std::uint64_t accepted = 0, rejected = 0, stale = 0;
    double accepted_difficulty = 0, rejected_difficulty = 0,
           stale_difficulty = 0;  // sums of the share difficulties
    double last_difficulty = 0;   // of the last one accepted
    double best_difficulty = 0;   // of the hash itself, among those accepted
    WallTime last_accepted;

    [[nodiscard]] double difficulty() const {
        return accepted_difficulty + rejected_difficulty + stale_difficulty;
    }
};

struct PoolAccount : Account {
    Pool pool;
    std::uint64_t jobs = 0, failures = 0;  // failures: connections lost, or not made
    double job_difficulty = 0;             // of a share of the last job
    std::int64_t job_height = -1;          // -1 where unknown
    std::uint32_t job_version = 0, job_version_mask = 0;
};

struct DeviceAccount : Account {
    int last_pool = -1;  // that accepted from it; -1: none yet
    WallTime last_hit, last_failure;
};

struct Accounts {
    Account all;
    std::uint64_t jobs = 0, failures = 0;          // of all pools, also of those that were removed
    std::vector<PoolAccount> pools;                // as configured, at least one
    std::size_t active_pool = 0;                   // index; the number of pools: none of them
    std::map<std::string, DeviceAccount> devices;  // by id, once they found or failed
    std::uint64_t network_blocks = 0;              // tips seen
    Hash256 tip;                                   // zero: none yet
    double network_difficulty = 0;                 // of the last job, also while there is none
    WallTime last_job, tip_seen;
};

// Written on the io thread, read on any.
class Ledger final : public Observer {
 public:
    explicit Ledger(std::vector<Pool> pools) { set_pools(std::move(pools)); }

    // Those that stay, by name, keep their accounts.
    void set_pools(std::vector<Pool> pools);

    void on(const Event& event) override;
    [[nodiscard]] Accounts accounts() const;

 private:
    // With the lock held:
    void note(const event::JobReceived& e);
    void note(const event::ShareResult& e);
    void note(const event::BlockResult& e);
    void note(const event::SourceLost& e);
    void note(const event::DeviceFailed& e);
    template <typename Other>
    void note(const Other&) {}
    void count(const Solution& solution, const Outcome& outcome);
    [[nodiscard]] std::size_t index_of(const std::string& pool) const;  // the number of pools: none of them

    mutable std::mutex mutex_;
    Accounts accounts_;
};

}  // namespace lode::cgminer_api
