#include <memory>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "api/loop.h"
#include "app/chain.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/reporter.h"
#include "p2p/node.h"
#include "p2p/open_chain.h"
#include "util/clock.h"
#include "util/line_writer.h"
#include "util/log.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSyncHelp =
    R"(Follows headers over Bitcoin's P2P protocol, checks each one, and keeps them. Ends once it has what its
peers have; with --follow it stays. Exit code 2: no peer could be reached, or none was left that kept the rules.
Examples:
  lode chain sync --network main --peer 192.0.2.1 --peer node.example:8333
  lode chain sync --network regtest --peer 127.0.0.1:18444 --follow
  lode chain sync --proxy socks5://127.0.0.1:9050 --peer node.example:8333)";

struct SyncOptions : ChainOptions {
    std::vector<std::string> peers;
    DialOptions dial;
    bool follow = false;
};

class Sync {
 public:
    explicit Sync(const SyncOptions& options) : options_(options), network_(options.chosen_network()) {}

    int run() {
        auto settings = p2p::node_settings(network_, options_.peers, "", options_.dial);
        if (!settings) return report(settings.error());
        if (const auto error = open()) return report(*error);
        node_.emplace(executor_of(loop_), *chain_, std::move(*settings),
                      [this](event::Severity severity, const std::string& text) { log(severity, text); });
        if (const auto started = node_->start(); !started) return report(started.error());
        const Interrupt interrupt([this] { loop_.post([this] { finish(kDone); }); });
        if (options_.json()) say_dropped_as_json();
        if (!options_.json()) bar_.emplace("syncing", "headers", false);
        check_peers();
        loop_.run();
        bar_.reset();
        const auto& storage_error = chain_->storage_error();
        if (exit_ == kDone && !storage_error) report_tip();
        node_->stop();
        if (storage_error) return report(*storage_error);
        if (const auto error = Reporter::output_error()) return report(*error);
        if (exit_ == kDone) return kDone;
        return report({ErrorKind::Unreachable, "no peer left to follow", node_->status().last_error, {}});
    }

 private:
    std::optional<Error> open() {
        auto opened = p2p::open_chain(options_.directory(), network_, "sync",
                                      [this](const p2p::TipMove& move) { moved(move); });
        if (!opened) return opened.error();
        log_remarks(opened->remarks);
        tree_ = opened->tree;
        chain_ = std::move(opened->chain);
        chain_->sync_on(disk_);
        return std::nullopt;
    }

    void log(event::Severity severity, const std::string& text) const {
        if (chain_->storage_error()) return;  // peers dropped because of it are not reported
        switch (severity) {
            case event::Severity::Debug:
                return util::debug("{}", text);
            case event::Severity::Info:
                return util::info("{}", text);
            case event::Severity::Warning:
                return util::warn("{}", text);
            case event::Severity::Error:
                return util::error("{}", text);
        }
    }

    void moved(const p2p::TipMove& move) {
        if (chain_ && chain_->storage_error()) return;  // check_peers() sees it
        if (const auto& r = move.reorganisation) {
            if (options_.json())
                print({{"event", "reorg"},
                       {"depth", r->depth},
                       {"height", r->height},
                       {"old_tip", r->old_tip.hex()},
                       {"new_tip", r->new_tip.hex()}});
            else
                util::warn("reorganisation {} deep: from {} to {} at height {}", r->depth, r->old_tip.hex(),
                           r->new_tip.hex(), r->height);
        }
        if (synced_ && options_.follow) report_tip();
    }

    void report_tip() const {
        const auto tip = tree_->tip();
        if (options_.json())
            print({{"event", "sync"},
                   {"network", network_.name},
                   {"height", tree_->height(tip)},
                   {"tip", tree_->hash(tip).hex()},
                   {"headers", tree_->size()},
                   {"forks", tree_->branch_tips().size()},
                   {"peers", node_->status().synced}});
        else
            print(
                fmt::format("{}: height {}  {}", network_.name, tree_->height(tip), tree_->hash(tip).hex()));
    }

    // Unlike print_json() it does not block.
    static void print(const nlohmann::ordered_json& object) { print(json_text(object)); }
    static void print(const std::string& line) {
        util::standard_streams().write(util::Stream::Output, line + "\n");
    }

    // Called ten times per second: checks the state of the peers.
    void check_peers() {
        if (chain_->storage_error()) return finish(kUsage);
        if (Reporter::output_gone()) return finish(kDone);
        const auto peers = node_->status();
        if (bar_) bar_->update(fraction(), tree_->size());
        if (peers.connecting == 0 && peers.syncing == 0) {
            if (!options_.follow) return finish(peers.synced > 0 ? kDone : kUnreachable);
            if (peers.synced > 0 && !std::exchange(synced_, true)) {
                bar_.reset();
                report_tip();
            }
        }
        timer_.after(100ms, [this] { check_peers(); });
    }

    // Estimated by time: a complete chain ends about now.
    [[nodiscard]] double fraction() const {
        const auto first = (*tree_)[0].time, last = (*tree_)[tree_->tip()].time;
        const double whole = static_cast<double>(util::unix_time()) - first;
        return whole <= 0 ? 1 : std::clamp((static_cast<double>(last) - first) / whole, 0.0, 1.0);
    }

    void finish(ExitCode code) {
        exit_ = code;
        timer_.cancel();
        chain_->when_synced([this](const auto&) { loop_.stop(); });
    }

    const SyncOptions& options_;
    const chain::Network& network_;
    Loop loop_;
    Timer timer_{loop_};
    net::DiskThread disk_{executor_of(loop_)};
    std::unique_ptr<p2p::TrackedChain> chain_;
    const chain::ChainTracker* tree_ = nullptr;
    std::optional<p2p::Node> node_;
    std::optional<Progress> bar_;
    bool synced_ = false;
    ExitCode exit_ = kDone;
};

}  // namespace

void add_chain_sync(CLI::App& chain, Run& run) {
    auto options = std::make_shared<SyncOptions>();
    CLI::App* command = chain.add_subcommand("sync", "follow the headers of Bitcoin P2P peers");
    command->add_option("--peer", options->peers, "host[:port]; may be repeated")
        ->required()
        ->allow_extra_args(false);
    command->add_option("-x,--proxy", options->dial.proxy,
                        "socks5://[user:pass@]host:port; names are resolved there");
    command->add_flag("--follow", options->follow, "keep running, and print each new tip");
    declare_chain_options(*command, *options);
    command->footer(kSyncHelp);
    command->callback([options, &run] { run = [options] { return Sync(*options).run(); }; });
}

}  // namespace lode::app
