#include <charconv>
#include <ctime>
#include <memory>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/chain.h"
#include "app/units.h"
#include "chain/target.h"
#include "util/hex.h"

namespace lode::app {
namespace {

using chain::ChainTracker;
using chain::Index;

Result<Index> find_header(const ChainTracker& tracker, const std::string& which) {
    if (const auto hash = Hash256::from_hex(which)) {
        if (const auto i = tracker.find(*hash)) return *i;
        return fail(ErrorKind::Usage, "no header " + which + " is stored");
    }
    std::int64_t height = -1;
    const auto [end, code] = std::from_chars(which.data(), which.data() + which.size(), height);
    if (code != std::errc() || end != which.data() + which.size() || height < 0)
        return fail(ErrorKind::Usage, "\"" + util::printable(which, 80) + "\" is neither a height nor a hash",
                    {}, "a number, or 64 hex digits");
    if (const auto i = tracker.at_height(height)) return *i;
    return fail(ErrorKind::Usage, fmt::format("no header at height {} is stored", height), {},
                fmt::format("{} to {}", tracker.anchor().height, tracker.height(tracker.tip())));
}

std::string utc(std::uint32_t time) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(time)));
}

struct Shown {
    BlockHeader header;
    Hash256 computed;  // computed from the 80 bytes
    Uint256 target;
    bool meets = false;
    bool best = false;
    std::int64_t confirmations = 0;  // 0: not on the best chain
};

void print_header(const ChainTracker& tracker, Index i, const Shown& s) {
    const BlockHeader& h = s.header;
    fmt::print("height         {}{}\n", tracker.height(i), s.best ? "" : " (not on the best chain)");
    fmt::print("hash           {}\n", s.computed.hex());
    fmt::print("               computed again: {} and {} the target\n",
               s.computed == tracker.hash(i) ? "as stored" : "NOT AS STORED",
               s.meets ? "meets" : "DOES NOT MEET");
    fmt::print("version        {:08x}\n", h.version);
    fmt::print("previous       {}\n", h.prev.hex());
    fmt::print("merkle root    {}\n", h.merkle_root.hex());
    fmt::print("time           {} ({})\n", h.time, utc(h.time));
    fmt::print("bits           {:08x}\n", h.bits);
    fmt::print("target         {}\n", s.target.to_hex());
    fmt::print("difficulty     {}\n", difficulty_text(chain::difficulty_of(s.target)));
    fmt::print("nonce          {}\n", h.nonce);
    fmt::print("work           {}\n", tracker.work(i).to_short_hex());
    fmt::print("confirmations  {}\n", s.confirmations);
}

void print_header_json(const ChainTracker& tracker, Index i, const Shown& s) {
    const BlockHeader& h = s.header;
    print_json({{"network", tracker.network().name},
                {"height", tracker.height(i)},
                {"hash", s.computed.hex()},
                {"hash_as_stored", s.computed == tracker.hash(i)},
                {"meets_target", s.meets},
                {"version", h.version},
                {"prev", h.prev.hex()},
                {"merkle_root", h.merkle_root.hex()},
                {"time", h.time},
                {"time_utc", utc(h.time)},
                {"bits", bits_text(h.bits)},
                {"target", s.target.to_hex()},
                {"difficulty", chain::difficulty_of(s.target)},
                {"nonce", h.nonce},
                {"work", tracker.work(i).to_hex()},
                {"best_chain", s.best},
                {"confirmations", s.confirmations},
                {"header", util::to_hex(h.serialize())}});
}

int run_show(const ChainOptions& options, const std::string& which) {
    auto store = view_headers(options);
    if (!store) return report(store.error());
    const ChainTracker tracker = store->take_tracker();
    const auto found = find_header(tracker, which);
    if (!found) return report(found.error());
    Shown shown;
    shown.header = tracker.header(*found);
    shown.computed = shown.header.hash();
    shown.target = chain::target_of(shown.header.bits).value_or(Uint256());
    shown.meets = shown.computed.number() <= shown.target;
    shown.best = tracker.on_best_chain(*found);
    if (shown.best) shown.confirmations = tracker.height(tracker.tip()) - tracker.height(*found) + 1;
    options.json() ? print_header_json(tracker, *found, shown) : print_header(tracker, *found, shown);
    return kDone;
}

}  // namespace

void add_chain_show(CLI::App& chain, Run& run) {
    auto options = std::make_shared<ChainOptions>();
    auto which = std::make_shared<std::string>();
    CLI::App* command = chain.add_subcommand("show", "one stored header, its hash computed again");
    command->add_option("HEIGHT|HASH", *which, "a height on the best chain, or the hash of any stored header")
        ->required();
    declare_chain_options(*command, *options);
    command->callback(
        [options, which, &run] { run = [options, which] { return run_show(*options, *which); }; });
}

}  // namespace lode::app
