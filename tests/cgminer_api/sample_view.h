// A miner with two devices and three sources in the middle of its work, with a different number everywhere.
#pragma once

#include "cgminer_api/view.h"

namespace lode::cgminer_api {

inline WallTime at(std::int64_t seconds) {
    return WallTime(std::chrono::seconds(seconds));
}

inline View sample_view() {
    View view;
    Snapshot& s = view.snapshot;
    s.taken = at(1'700'000'120);
    s.uptime = std::chrono::milliseconds(120'500);
    s.hashes = 120ull << 32;
    s.hardware_errors = 30;
    s.blocks_found = 2;
    s.best_difficulty = 5000.7;
    s.shares.stale = 4;
    s.shares.unknown = 6;
    s.source.name = "stratum+tls://a.example:443";
    s.source.connected_since = at(1'700'000'001);
    s.job = JobSnapshot{};
    s.devices.resize(2);
    s.devices[0].id = "cuda:0";
    s.devices[0].backend = "cuda";
    s.devices[0].name = "NVIDIA | H200";
    s.devices[0].kernel = "sm_90";
    s.devices[0].state = DeviceState::Running;
    s.devices[0].hashes = 100ull << 32;
    s.devices[0].hardware_errors = 25;
    s.devices[0].telemetry.temperature_c = 61.5;
    s.devices[0].telemetry.clock_mhz = 1980;
    s.devices[1].id = "cpu";
    s.devices[1].backend = "cpu";
    s.devices[1].name = "AMD EPYC";
    s.devices[1].state = DeviceState::Failed;
    s.devices[1].failures = 3;
    s.devices[1].error = Error{ErrorKind::Device, "out of memory", {}, {}};

    Accounts& a = view.accounts;
    const char* const proxy = "proxy.example:9050";
    a.pools.resize(3);
    a.pools[0].pool = {"stratum+tls://a.example:443", "bob.1", proxy, 0};
    a.pools[1].pool = {"http://node.example:8332", "rpc", proxy, 1};
    a.pools[2].pool = {"local", "", "", 2};
    PoolAccount& pool = a.pools[0];
    pool.accepted = 10;
    pool.rejected = 2;
    pool.stale = 1;
    pool.accepted_difficulty = 40;
    pool.rejected_difficulty = 8;
    pool.stale_difficulty = 2;
    pool.last_difficulty = 4;
    pool.best_difficulty = 321.9;
    pool.last_accepted = at(1'700'000'100);
    a.jobs = pool.jobs = 17;
    a.failures = pool.failures = 5;
    pool.job_difficulty = 8;
    pool.job_height = 840'000;
    pool.job_version = 0x20000000;
    pool.job_version_mask = 0x1fffe000;
    a.all = pool;
    DeviceAccount& device = a.devices["cuda:0"];
    static_cast<Account&>(device) = pool;
    device.last_pool = 0;
    device.last_hit = at(1'700'000'101);
    a.devices["cpu"].last_failure = at(1'700'000'050);
    a.network_blocks = 3;
    a.tip.bytes[0] = 0xab;                // the last digits as people see it
    a.network_difficulty = 16307.420939;  // of 1b0404cb (Bitcoin wiki, "Difficulty")
    a.tip_seen = at(1'700'000'090);
    a.last_job = at(1'700'000'095);

    view.rates = {5e9, 6e9, 7e9, 8.5e9};
    view.device_rates = {{4e9, 4.5e9, 4.75e9, 4.8e9}, {}};
    return view;
}

}  // namespace lode::cgminer_api
