#include <string>
#include <string_view>

#include "cgminer_api/fields.h"
#include "cgminer_api/records.h"
#include "util/hex.h"
#include "util/url.h"

namespace lode::cgminer_api {
namespace {

enum class Kind { Local, Node, Stratum };

struct Shown {
    Kind kind = Kind::Local;
    std::string url, authority;
};

// With schemes that clients know; a node's without one, as http:// makes pyasic fail.
Shown shown(const std::string& name) {
    const auto url = util::parse_url(name);
    if (name == "local" || !url) return {Kind::Local, name, {}};
    const std::string& scheme = url->scheme;
    const std::string authority = url->authority();
    if (scheme == "http" || scheme == "https") return {Kind::Node, authority, authority};
    if (scheme.empty()) return {Kind::Stratum, authority, authority};
    if (scheme == "stratum2+tcp") return {Kind::Stratum, url->safe(), authority};
    const bool tls = scheme.find("ssl") != std::string::npos || scheme.find("tls") != std::string::npos ||
                     scheme.ends_with("tcps") || scheme == "stratums";
    return {Kind::Stratum, (tls ? "stratum+ssl://" : "stratum+tcp://") + authority, authority};
}

bool in_use(const View& view, std::size_t index) {
    return index == view.accounts.active_pool;
}

bool connected(const View& view, std::size_t index) {
    return in_use(view, index) && view.snapshot.source.connected_since.has_value();
}

// No later one has been used yet.
const char* status_name(const View& view, std::size_t index) {
    if (connected(view, index)) return "Alive";
    const auto& pools = view.accounts.pools;
    const std::size_t active = view.accounts.active_pool;
    const bool passed = active < pools.size() && pools[index].pool.priority <= pools[active].pool.priority;
    return passed ? "Dead" : "Unknown";
}

}  // namespace

Record pool_record(const View& view, std::size_t index) {
    const PoolAccount& account = view.accounts.pools[index];
    const Pool& pool = account.pool;
    const Shown source = shown(pool.name);
    const bool active = connected(view, index);
    const bool stratum = source.kind == Kind::Stratum;
    return {{"POOL", index},
            {"URL", util::printable(source.url)},
            {"Status", status_name(view, index)},
            {"Priority", pool.priority},
            {"Quota", 1},
            {"Long Poll", yes_no(source.kind == Kind::Node)},
            {"Getworks", account.jobs},
            {"Accepted", account.accepted},
            {"Rejected", account.rejected},
            {"Works", account.jobs},
            {"Discarded", 0},
            {"Stale", account.stale},
            {"Get Failures", account.failures},
            {"Remote Failures", 0},
            {"User", util::printable(pool.user)},
            {"Last Share Time", epoch(account.last_accepted)},
            {"Diff1 Shares", whole(account.difficulty())},
            {"Proxy Type", pool.proxy.empty() ? "" : "SOCKS5"},
            {"Proxy", util::printable(pool.proxy)},
            {"Difficulty Accepted", rounded(account.accepted_difficulty)},
            {"Difficulty Rejected", rounded(account.rejected_difficulty)},
            {"Difficulty Stale", rounded(account.stale_difficulty)},
            {"Last Share Difficulty", rounded(account.last_difficulty)},
            {"Work Difficulty", rounded(account.job_difficulty)},
            {"Has Stratum", stratum},
            {"Stratum Active", stratum && active},
            {"Stratum URL", stratum && active ? source.authority : std::string()},
            {"Stratum Difficulty", stratum && active ? rounded(account.job_difficulty) : 0.0},
            {"Has Vmask", account.job_version_mask != 0},
            {"Has GBT", source.kind == Kind::Node},
            {"Best Share", whole(account.best_difficulty)},
            {"Pool Rejected%", percent(account.rejected_difficulty, account.difficulty())},
            {"Pool Stale%", percent(account.stale_difficulty, account.difficulty())},
            {"Bad Work", 0},
            {"Current Block Height", account.job_height < 0 ? std::int64_t{0} : account.job_height},
            {"Current Block Version", account.job_version}};
}

// What cgminer measures here is its waiting for work, which lode does not do: zeros.
std::vector<Record> stats_records(const View& view) {
    const auto elapsed = whole(elapsed_seconds(view.snapshot));
    std::vector<Record> records;
    const auto add = [&](const std::string& id, std::uint64_t calls) -> Record& {
        records.push_back({{"STATS", records.size()},
                           {"ID", id},
                           {"Elapsed", elapsed},
                           {"Calls", calls},
                           {"Wait", 0.0},
                           {"Max", 0.0},
                           {"Min", 0.0}});
        return records.back();
    };
    for (const auto& device : view.snapshot.devices) add(device.id, 0);
    for (std::size_t i = 0; i < view.accounts.pools.size(); ++i) {
        const PoolAccount& account = view.accounts.pools[i];
        Record& record = add("POOL" + std::to_string(i), account.jobs);
        record["Work Diff"] = rounded(account.job_difficulty);
        record["Work Can Roll"] = account.job_version_mask != 0;
    }
    return records;
}

}  // namespace lode::cgminer_api
