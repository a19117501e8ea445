#include <set>
#include <string>

#include "cgminer_api/fields.h"
#include "cgminer_api/records.h"
#include "lode/version.h"

namespace lode::cgminer_api {

Record version_record() {
    return {{"CGMiner", kVersion},
            {"API", kApiVersion},
            {"Miner", std::string("lode ") + kVersion},
            {"Type", "lode"}};
}

Record summary_record(const View& view) {
    const Snapshot& s = view.snapshot;
    const Account& all = view.accounts.all;
    const double mean = ratio(static_cast<double>(s.hashes), elapsed_seconds(s));
    const double work = difficulty_one_shares(s.hashes);
    const auto hardware_errors = static_cast<double>(s.hardware_errors);
    // Dropped before they were sent, since a newer job had come.
    const std::uint64_t unsent = s.shares.stale > all.stale ? s.shares.stale - all.stale : 0;
    return {{"Elapsed", whole(elapsed_seconds(s))},
            {"MHS av", mega(mean)},
            {"MHS 5s", mega(view.rates.over_5s)},
            {"MHS 1m", mega(view.rates.over_1min)},
            {"MHS 5m", mega(view.rates.over_5min)},
            {"MHS 15m", mega(view.rates.over_15min)},
            {"GHS 5s", giga(view.rates.over_5s)},
            {"GHS av", giga(mean)},
            {"Found Blocks", s.blocks_found},
            {"Getworks", view.accounts.jobs},
            {"Accepted", all.accepted},
            {"Rejected", all.rejected},
            {"Hardware Errors", s.hardware_errors},
            {"Utility", a_minute(static_cast<double>(all.accepted), s)},
            {"Discarded", unsent},
            {"Stale", all.stale},
            {"Get Failures", view.accounts.failures},
            {"Local Work", view.accounts.jobs},
            {"Remote Failures", s.shares.unknown},
            {"Network Blocks", view.accounts.network_blocks},
            {"Total MH", mega(static_cast<double>(s.hashes))},
            {"Work Utility", a_minute(work, s)},
            {"Difficulty Accepted", rounded(all.accepted_difficulty)},
            {"Difficulty Rejected", rounded(all.rejected_difficulty)},
            {"Difficulty Stale", rounded(all.stale_difficulty)},
            {"Best Share", whole(s.best_difficulty)},
            {"Device Hardware%", percent(hardware_errors, hardware_errors + work)},
            {"Device Rejected%", percent(all.rejected_difficulty, work)},
            {"Pool Rejected%", percent(all.rejected_difficulty, all.difficulty())},
            {"Pool Stale%", percent(all.stale_difficulty, all.difficulty())},
            {"Last getwork", epoch(view.accounts.last_job)}};
}

Record config_record(const View& view) {
    std::set<std::string> backends;
    for (const auto& device : view.snapshot.devices) backends.insert(device.backend);
    std::string drivers;
    for (const auto& backend : backends) drivers += (drivers.empty() ? "" : " ") + backend;
    return {{"ASC Count", 0},
            {"PGA Count", view.snapshot.devices.size()},
            {"Pool Count", view.accounts.pools.size()},
            {"Strategy", "Failover"},
            {"Log Interval", 5},
            {"Device Code", drivers},
            {"OS", "Linux"},
            {"Hotplug", "None"}};
}

Record coin_record(const View& view) {
    const Accounts& a = view.accounts;
    return {{"Hash Method", "sha256"},
            {"Current Block Time", static_cast<double>(epoch(a.tip_seen))},
            {"Current Block Hash", a.tip.is_zero() ? std::string() : a.tip.hex()},
            {"LP", a.active_pool < a.pools.size() && a.pools[a.active_pool].pool.name.starts_with("http")},
            {"Network Difficulty", rounded(a.network_difficulty)}};
}

}  // namespace lode::cgminer_api
