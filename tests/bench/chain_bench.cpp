// The header tree at a million headers: checking and linking in memory, loading a store. One core.
#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include "chain/header_hashes.h"
#include "chain/header_store.h"
#include "chain/target.h"
#include "chain/tracker.h"
#include "support/small_chain.h"

namespace lode::chain {
namespace {

constexpr std::size_t kHeaders = 1'000'000;
constexpr std::size_t kMessage = 2000;  // headers that a peer sends at once

// Mainnet's rules, its retargets too, with blocks that cost two hashes to make.
const Network& easy_mainnet() {
    static const Network network = [] {
        Network n = *find_network("main");
        n.pow_limit_bits = 0x207fffff;
        n.version_rules = {};
        n.genesis.bits = n.pow_limit_bits;
        n.genesis = test::with_work(n.genesis);
        n.genesis_hash = n.genesis.hash();
        return n;
    }();
    return network;
}

const std::vector<BlockHeader>& million() {
    static const std::vector<BlockHeader> headers = [] {
        ChainTracker tracker(easy_mainnet());
        std::vector<BlockHeader> made;
        while (made.size() < kHeaders) {
            const Index tip = tracker.tip();
            made.push_back(test::mine_after(tracker, tip, tracker[tip].time + 600));
            if (!tracker.accept(made.back(), kAnyTime)) throw std::runtime_error("refused");
        }
        return made;
    }();
    return headers;
}

void report(benchmark::State& state, const ChainTracker& tracker) {
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * tracker.size()));
    state.counters["bytes/header"] = static_cast<double>(tracker.memory()) / tracker.size();
}

void CheckAndLink(benchmark::State& state) {
    const auto& headers = million();
    std::unique_ptr<ChainTracker> tracker;
    for (auto _ : state) {
        state.PauseTiming();
        tracker = std::make_unique<ChainTracker>(easy_mainnet());
        state.ResumeTiming();
        for (std::size_t at = 0; at < headers.size(); at += kMessage) {
            const auto some = std::span(headers).subspan(at, std::min(kMessage, headers.size() - at));
            const auto hashes = hashes_of(some);
            for (std::size_t i = 0; i < some.size(); ++i)
                if (!tracker->accept(some[i], hashes[i], kAnyTime)) state.SkipWithError("refused");
        }
    }
    report(state, *tracker);
}
BENCHMARK(CheckAndLink)->Unit(benchmark::kMillisecond);

void LoadStore(benchmark::State& state) {
    const test::TemporaryDir dir;
    {
        const auto locked = NetworkDir::lock(dir.path(), easy_mainnet(), "benchmark").value();
        auto store = HeaderStore::open(locked).value();
        ChainTracker tracker = store.take_tracker();
        for (const BlockHeader& header : million()) (void)tracker.accept(header, kAnyTime);
        if (store.append(tracker)) return state.SkipWithError("cannot be stored");
    }
    std::unique_ptr<ChainTracker> tracker;
    for (auto _ : state) {
        auto store = HeaderStore::open(NetworkDir::view(dir.path(), easy_mainnet()));
        if (!store || !store->remarks().empty()) return state.SkipWithError("cannot be loaded");
        state.PauseTiming();
        tracker = std::make_unique<ChainTracker>(store->take_tracker());
        state.ResumeTiming();
    }
    report(state, *tracker);
}
BENCHMARK(LoadStore)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::chain

BENCHMARK_MAIN();
