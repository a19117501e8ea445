// A mining session made up for tests.
#pragma once

#include "lode/events.h"
#include "lode/snapshot.h"
#include "status/record.h"

namespace lode::testing {

inline const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'700'000'000)};

inline Snapshot sample_snapshot() {
    using namespace std::chrono_literals;
    Snapshot now;
    now.taken = kNow;
    now.uptime = 100s;
    now.hashes = 5'000'000;
    now.rates = {50'000.0, 40'000.0, std::nullopt};
    DeviceSnapshot cpu;
    cpu.id = cpu.backend = "cpu";
    cpu.name = "A CPU";
    cpu.kernel = "avx2";
    cpu.state = DeviceState::Running;
    cpu.hashes = 5'000'000;
    cpu.rates = now.rates;
    cpu.telemetry.temperature_c = 61.5;
    now.devices = {cpu};
    now.source.name = "stratum+tcp://pool.example:3333";
    now.source.connected_since = kNow - 90s;
    now.source.difficulty = 2.0;
    now.source.latency = 80ms;
    now.job = JobSnapshot{"j1", 800'000, "main", 0x1d00ffff, 2.0, kNow - 10s, "tip", ""};
    now.shares.accepted = 7;
    now.shares.rejected = 2;
    now.shares.reasons = {{Outcome::Status::Rejected, "low difficulty", 2}};
    now.best_difficulty = 12.5;
    now.best_difficulty_ever = 900;
    return now;
}

inline JobPtr sample_job(std::int64_t height = 800'000, bool solo = false) {
    auto job = std::make_shared<Job>();
    job->id = "j1";
    job->height = height;
    job->bits = 0x1d00ffff;
    job->difficulty = 2.0;
    job->network = "main";
    job->single_block = solo;
    return job;
}

inline Solution sample_solution(JobPtr job, double difficulty, bool block = false) {
    Solution solution;
    solution.job = std::move(job);
    solution.difficulty = difficulty;
    solution.block = block;
    solution.device = "cpu";
    return solution;
}

}  // namespace lode::testing
