#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/chain.h"
#include "app/units.h"
#include "chain/target.h"
#include "util/clock.h"

namespace lode::app {
namespace {

using chain::ChainTracker;
using chain::Index;

// For a block found now; the time matters on the testnets.
std::optional<std::uint32_t> next_bits(const ChainTracker& tracker) {
    const auto earliest = tracker.earliest_time(tracker.tip()).value_or(0);
    const auto now =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(util::unix_time(), earliest, 0xffffffff));
    return tracker.next_bits(tracker.tip(), now);
}

void print_status_json(const ChainTracker& tracker, std::size_t forks) {
    const auto& tip = tracker[tracker.tip()];
    const auto next = next_bits(tracker);
    print_json({{"network", tracker.network().name},
                {"height", tracker.height(tracker.tip())},
                {"tip", tip.hash.hex()},
                {"work", tracker.work(tracker.tip()).to_hex()},
                {"bits", bits_text(tip.bits)},
                {"difficulty", chain::difficulty_of_bits(tip.bits)},
                {"next_bits", next ? nlohmann::ordered_json(bits_text(*next)) : nlohmann::ordered_json()},
                {"headers", tracker.size()},
                {"forks", forks}});
}

void print_status(const ChainTracker& tracker, const std::vector<Index>& branches, const std::string& file) {
    constexpr std::size_t kShown = 10;
    const Index best = tracker.tip();
    const auto& tip = tracker[best];
    const Uint256 work = tracker.work(best);
    const auto next = next_bits(tracker);
    fmt::print("network     {}\n", tracker.network().name);
    fmt::print("height      {}\n", tracker.height(best));
    fmt::print("tip         {}\n", tip.hash.hex());
    fmt::print("work        {} ({:.2f} bits)\n", work.to_short_hex(), std::log2(work.to_double()));
    fmt::print("bits        {}, next {}\n", bits_text(tip.bits), next ? bits_text(*next) : "unknown");
    fmt::print("difficulty  {}\n", difficulty_text(chain::difficulty_of_bits(tip.bits)));
    if (std::error_code code; std::filesystem::exists(file, code))
        fmt::print("headers     {} in {}", tracker.size(), file);
    else
        fmt::print("headers     none in {}: the genesis block is built in", file);
    if (tracker.anchor().height > 0) fmt::print(", from a checkpoint at height {}", tracker.anchor().height);
    fmt::print("\nforks       {}\n", branches.size());
    for (std::size_t i = 0; i < std::min(branches.size(), kShown); ++i) {
        const auto length =
            tracker.height(branches[i]) - tracker.height(tracker.fork_point(branches[i], best));
        fmt::print("            {} at height {}, {} off the best chain\n", tracker.hash(branches[i]).hex(),
                   tracker.height(branches[i]), length);
    }
    if (branches.size() > kShown) fmt::print("            and {} more\n", branches.size() - kShown);
}

int run_status(const ChainOptions& options) {
    auto store = view_headers(options);
    if (!store) return report(store.error());
    const ChainTracker tracker = store->take_tracker();
    const auto branches = tracker.branch_tips();
    options.json() ? print_status_json(tracker, branches.size())
                   : print_status(tracker, branches, store->path());
    return kDone;
}

}  // namespace

void add_chain_status(CLI::App& chain, Run& run) {
    auto options = std::make_shared<ChainOptions>();
    CLI::App* command =
        chain.add_subcommand("status", "the tip, its work, the next target; also while mining");
    declare_chain_options(*command, *options);
    command->callback([options, &run] { run = [options] { return run_status(*options); }; });
}

}  // namespace lode::app
