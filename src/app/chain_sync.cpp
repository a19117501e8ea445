#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/chain.h"
#include "app/progress.h"
#include "chain/p2p/node.h"
#include "source/open_chain.h"
#include "util/log.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSyncHelp =
    R"(Follows headers over Bitcoin's P2P protocol, checks each one, and keeps them. Ends once it is level with its
peers; with --follow it stays. Exit code 2: no peer could be reached, or none was left that kept the rules.
Examples:
  lode chain sync --network main --peer 192.0.2.1 --peer node.example:8333
  lode chain sync --network regtest --peer 127.0.0.1:18444 --follow)";

struct SyncOptions : ChainOptions {
    std::vector<std::string> peers;
    bool follow = false;
};

class Sync {
 public:
    explicit Sync(const SyncOptions& options) : options_(options), network_(options.chosen_network()) {}

    int run() {
        auto settings = p2p::node_settings(network_, options_.peers, "");
        if (!settings) return report(settings.error());
        if (const auto error = open()) return report(*error);
        node_.emplace(io_.get_executor(), *chain_, std::move(*settings),
                      [this](event::Severity severity, const std::string& text) { log(severity, text); });
        if (const auto started = node_->start(); !started) return report(started.error());
        signals_.async_wait([this](const auto& cancelled, int) {
            if (!cancelled) finish(kDone);
        });
        if (!options_.json()) bar_.emplace("syncing", "headers", false);
        look();
        io_.run();
        bar_.reset();
        const auto& trouble = chain_->trouble();
        if (exit_ == kDone && !trouble) tell();
        node_->stop();
        if (trouble) return report(*trouble);
        if (exit_ == kDone) return kDone;
        return report({ErrorKind::Unreachable, "no peer left to follow", node_->standing().trouble, {}});
    }

 private:
    std::optional<Error> open() {
        auto opened = source::open_chain(options_.directory(), network_, "sync",
                                         [this](const p2p::TipMove& move) { moved(move); });
        if (!opened) return opened.error();
        log_remarks(opened->remarks);
        tree_ = opened->tree;
        chain_ = std::move(opened->chain);
        return std::nullopt;
    }

    void log(event::Severity severity, const std::string& text) const {
        if (chain_->trouble()) return;  // a peer let go because of it is no news
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
        if (chain_ && chain_->trouble()) return;  // look() sees it
        if (const auto& r = move.reorganisation) {
            if (options_.json())
                print_json({{"event", "reorg"},
                            {"depth", r->depth},
                            {"height", r->height},
                            {"old_tip", r->old_tip.hex()},
                            {"new_tip", r->new_tip.hex()}});
            else
                util::warn("reorganisation {} deep: from {} to {} at height {}", r->depth, r->old_tip.hex(),
                           r->new_tip.hex(), r->height);
        }
        if (level_ && options_.follow) tell();
    }

    void tell() const {
        const auto tip = tree_->tip();
        if (options_.json())
            print_json({{"event", "sync"},
                        {"network", network_.name},
                        {"height", tree_->height(tip)},
                        {"tip", tree_->hash(tip).hex()},
                        {"headers", tree_->size()},
                        {"forks", tree_->branch_tips().size()},
                        {"peers", node_->standing().level}});
        else
            fmt::print("{}: height {}  {}\n", network_.name, tree_->height(tip), tree_->hash(tip).hex());
        std::fflush(stdout);
    }

    // Ten times a second: how it stands with the peers.
    void look() {
        if (chain_->trouble()) return finish(kUsage);
        const auto standing = node_->standing();
        if (bar_) bar_->update(fraction(), tree_->size());
        if (standing.connecting == 0 && standing.syncing == 0) {
            if (!options_.follow) return finish(standing.level > 0 ? kDone : kUnreachable);
            if (standing.level > 0 && !std::exchange(level_, true)) {
                bar_.reset();
                tell();
            }
        }
        timer_.expires_after(100ms);
        timer_.async_wait([this](const auto& cancelled) {
            if (!cancelled) look();
        });
    }

    // By time: a chain that is complete ends about now.
    [[nodiscard]] double fraction() const {
        const auto first = (*tree_)[0].time, last = (*tree_)[tree_->tip()].time;
        const double whole = static_cast<double>(unix_now()) - first;
        return whole <= 0 ? 1 : std::clamp((static_cast<double>(last) - first) / whole, 0.0, 1.0);
    }

    void finish(ExitCode code) {
        exit_ = code;
        io_.stop();
    }

    const SyncOptions& options_;
    const chain::Network& network_;
    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
    boost::asio::steady_timer timer_{io_};
    std::unique_ptr<p2p::TrackedChain> chain_;
    const chain::ChainTracker* tree_ = nullptr;
    std::optional<p2p::Node> node_;
    std::optional<Progress> bar_;
    bool level_ = false;
    ExitCode exit_ = kDone;
};

}  // namespace

void add_chain_sync(CLI::App& chain, Run& run) {
    auto options = std::make_shared<SyncOptions>();
    CLI::App* command = chain.add_subcommand("sync", "follow the headers of Bitcoin P2P peers");
    command->add_option("--peer", options->peers, "host[:port]; may be repeated")
        ->required()
        ->allow_extra_args(false);
    command->add_flag("--follow", options->follow, "stay, and say each new tip");
    declare_chain_options(*command, *options);
    command->footer(kSyncHelp);
    command->callback([options, &run] { run = [options] { return Sync(*options).run(); }; });
}

}  // namespace lode::app
