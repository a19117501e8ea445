#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/chain.h"
#include "app/units.h"
#include "chain/block_store.h"
#include "util/log.h"

namespace lode::app {
namespace {

// Reads and checks everything stored: each header by every rule, each block by its merkle root.
int run_verify(const ChainOptions& options) {
    const auto directory = chain::NetworkDir::view(options.directory(), options.chosen_network());
    if (std::error_code code; !std::filesystem::exists(directory.path(), code))
        return report(Error{ErrorKind::Storage, "no headers are stored", directory.path(),
                            "what lode mine or lode chain import made"});
    const auto start = std::chrono::steady_clock::now();
    auto store = view_headers(options);
    if (!store) return report(store.error());
    const chain::ChainTracker tracker = store->take_tracker();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    const auto blocks = chain::BlockStore::open(directory);
    if (!blocks) return report(blocks.error());
    log_remarks(blocks->remarks());
    std::size_t foreign = 0;
    for (const Hash256& hash : blocks->order()) foreign += tracker.find(hash) ? 0 : 1;
    if (foreign > 0) util::warn("{} stored blocks have no stored header", foreign);

    const bool damaged = store->damaged() || blocks->damaged();
    const double rate = tracker.size() / std::max(seconds, 1e-6);
    if (options.json()) {
        nlohmann::ordered_json remarks = store->remarks();
        for (const auto& remark : blocks->remarks()) remarks.push_back(remark);
        print_json({{"network", tracker.network().name},
                    {"ok", !damaged},
                    {"headers", tracker.size()},
                    {"height", tracker.height(tracker.tip())},
                    {"tip", tracker.hash(tracker.tip()).hex()},
                    {"forks", tracker.branch_tips().size()},
                    {"blocks", blocks->size()},
                    {"remarks", remarks},
                    {"seconds", seconds},
                    {"rate", rate}});
    } else {
        fmt::print("{}: {} headers{}, {} forks, tip at height {}, all checked in {} ({}), {} of memory\n",
                   tracker.network().name, tracker.size(),
                   tracker.anchor().height > 0 ? fmt::format(" from height {}", tracker.anchor().height) : "",
                   tracker.branch_tips().size(), tracker.height(tracker.tip()), duration_text(seconds),
                   count_text(rate, "/s"), count_text(static_cast<double>(tracker.memory()), "B"));
        if (blocks->size() > 0)
            fmt::print("{} blocks, each with the merkle root of its header\n", blocks->size());
        fmt::print("{}\n", damaged ? "DAMAGED: see above; the next import, sync or mine repairs what it can"
                                   : "all good");
    }
    return damaged ? kUsage : kDone;
}

}  // namespace

void add_chain_verify(CLI::App& chain, Run& run) {
    auto options = std::make_shared<ChainOptions>();
    CLI::App* command = chain.add_subcommand("verify", "check all stored data again; exit code 1: damage");
    declare_chain_options(*command, *options);
    command->callback([options, &run] { run = [options] { return run_verify(*options); }; });
}

}  // namespace lode::app
