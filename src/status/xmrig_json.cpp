#include "status/xmrig_json.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "lode/version.h"
#include "status/event_json.h"
#include "status/machine.h"
#include "status/source_place.h"

namespace lode::status {
namespace {

using nlohmann::ordered_json;
using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::seconds;

constexpr const char* kAlgorithm = "sha256d";
constexpr std::size_t kBest = 10;

ordered_json rates_json(const HashRates& rates) {
    ordered_json list = ordered_json::array();
    for (const auto& rate : {rates.over_10s, rates.over_60s, rates.over_15min})
        list.push_back(rate ? ordered_json(*rate) : ordered_json());
    return list;
}

double highest(const State& state) {
    double most = state.snapshot.rates.over_10s.value_or(0);
    if (const auto* hour = state.record.history().find("1h"))
        for (const auto& point : hour->points()) most = std::max(most, point.rate);
    return most;
}

// Of recent answers, best first; clients expect ten numbers.
ordered_json best_json(const Record& record) {
    std::vector<double> best;
    for (const auto& share : record.shares()) best.push_back(share.difficulty);
    std::ranges::sort(best, std::greater());
    best.resize(kBest);
    return best;
}

struct Answers {
    std::uint64_t good = 0, refused = 0;
};

// On a node or the local chain only blocks are submitted.
Answers answers(const State& state) {
    Answers sum{state.snapshot.shares.accepted, state.snapshot.shares.rejected + state.snapshot.shares.stale};
    if (sum.good + sum.refused > 0) return sum;
    for (const auto& [source, counts] : state.record.blocks_by_source()) {
        sum.good += counts.accepted;
        sum.refused += counts.rejected + counts.stale;
    }
    return sum;
}

std::int64_t average_ms(std::int64_t uptime_ms, std::uint64_t count) {
    return count == 0 ? 0 : uptime_ms / static_cast<std::int64_t>(count);
}

}  // namespace

ordered_json xmrig_summary(const State& state) {
    const Snapshot& now = state.snapshot;
    const auto [good, refused] = answers(state);
    const std::int64_t uptime = now.uptime.count();
    const std::int64_t average = average_ms(uptime, good);
    const double difficulty = now.source.difficulty.value_or(0);
    const auto connected = now.source.connected_since
                               ? duration_cast<milliseconds>(now.taken - *now.source.connected_since)
                               : milliseconds(0);
    ordered_json threads = ordered_json::array();
    for (const auto& device : now.devices) threads.push_back(rates_json(device.rates));
    const double most = highest(state);
    return {{"id", machine_id()},
            {"worker_id", machine_name()},
            {"uptime", uptime / 1000},
            {"restricted", true},
            {"features", {"api", "http"}},
            {"results",
             {{"diff_current", difficulty},
              {"shares_good", good},
              {"shares_total", good + refused},
              {"avg_time", average / 1000},
              {"avg_time_ms", average},
              {"hashes_total", now.hashes},
              {"best", best_json(state.record)},
              {"error_log", ordered_json::array()}}},
            {"algo", kAlgorithm},
            {"connection",
             {{"pool", source_place(now.source.name).authority},
              {"ip", nullptr},
              {"uptime", connected.count() / 1000},
              {"uptime_ms", connected.count()},
              {"ping", now.source.latency ? now.source.latency->count() : 0},
              {"failures", 0},
              {"tls", nullptr},
              {"tls-fingerprint", nullptr},
              {"algo", kAlgorithm},
              {"diff", difficulty},
              {"accepted", good},
              {"rejected", refused},
              {"avg_time", average / 1000},
              {"avg_time_ms", average},
              {"hashes_total", now.hashes},
              {"error_log", ordered_json::array()}}},
            {"version", kVersion},
            {"kind", "miner"},
            {"ua", std::string("lode/") + kVersion},
            {"donate_level", 0},
            {"paused", now.paused},
            {"algorithms", {kAlgorithm}},
            {"hashrate",
             {{"total", rates_json(now.rates)},
              {"highest", most > 0 ? ordered_json(most) : ordered_json()},
              {"threads", std::move(threads)}}},
            {"hugepages", false}};
}

ordered_json xmrig_backends(const State& state) {
    std::map<std::string, ordered_json> threads;  // of the devices of a back end
    for (const auto& device : state.snapshot.devices) {
        auto& list = threads.try_emplace(device.backend, ordered_json::array()).first->second;
        list.push_back(
            {{"index", list.size()},
             {"name", device.name},
             {"intensity", 1},
             // A CPU's number, -1 for none; a row here may have several threads.
             {"affinity", device.cpus.size() == 1 ? ordered_json(device.cpus[0]) : ordered_json(-1)},
             {"hashrate", rates_json(device.rates)}});
    }
    ordered_json backends = ordered_json::array();
    for (const char* type : {"cpu", "opencl", "cuda"}) {
        const auto found = threads.find(type);
        HashRates sum;
        for (const auto& device : state.snapshot.devices) {
            if (device.backend != type) continue;
            const auto add = [](std::optional<double>& to, const std::optional<double>& rate) {
                if (rate) to = to.value_or(0) + *rate;
            };
            add(sum.over_10s, device.rates.over_10s);
            add(sum.over_60s, device.rates.over_60s);
            add(sum.over_15min, device.rates.over_15min);
        }
        backends.push_back({{"type", type},
                            {"enabled", found != threads.end()},
                            {"algo", kAlgorithm},
                            {"profile", kAlgorithm},
                            {"hashrate", rates_json(sum)},
                            {"threads", found == threads.end() ? ordered_json::array() : found->second}});
    }
    return backends;
}

}  // namespace lode::status
