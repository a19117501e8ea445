#include "source/judged/chain_watch.h"

#include <algorithm>

#include <fmt/core.h>

namespace lode::source {

using Severity = event::Severity;

namespace {
constexpr std::size_t kFollowed = 128;  // blocks for which the arrival of their successor is kept
}  // namespace

Result<std::unique_ptr<ChainWatch>> ChainWatch::open(const chain::Network& network,
                                                     const SourceOptions& options,
                                                     const boost::asio::any_io_executor& executor,
                                                     Report report) {
    auto watch = std::unique_ptr<ChainWatch>(new ChainWatch(std::move(report)));
    auto chain = options.peers.empty() ? p2p::HeaderChain::view(options.data_dir, network)
                                       : p2p::HeaderChain::open(
                                             options.data_dir, network, "following peers",
                                             [w = watch.get()](const p2p::TipMove& move) { w->moved(move); });
    if (!chain) return tl::unexpected(chain.error());
    watch->chain_ = std::move(*chain);
    if (!options.peers.empty()) watch->chain_->sync_on(watch->disk_.emplace(executor));
    const auto say = [w = watch.get()](Severity severity, std::string text) {
        w->report_(event::Message{severity, std::move(text)});
    };
    for (const auto& remark : watch->chain_->remarks()) say(Severity::Warning, remark);
    const auto& tree = watch->tree();
    if (options.peers.empty()) {
        if (tree.size() <= 1) return nullptr;
    } else {
        auto settings = p2p::node_settings(network, options.peers, "", options.dial);
        if (!settings) return tl::unexpected(settings.error());
        watch->node_.emplace(executor, *watch->chain_, std::move(*settings), say);
        if (const auto started = watch->node_->start(); !started) return tl::unexpected(started.error());
    }
    say(Severity::Info, fmt::format("jobs are judged by the headers of {}, height {}", network.name,
                                    tree.height(tree.tip())));
    return watch;
}

std::shared_ptr<ChainWatch::Moved> ChainWatch::subscribe(Moved moved) {
    auto handle = std::make_shared<Moved>(std::move(moved));
    subscribers_.push_back(handle);
    return handle;
}

std::optional<std::chrono::steady_clock::time_point> ChainWatch::followed_at(const Hash256& block) const {
    const auto latest = std::ranges::find(followed_.rbegin(), followed_.rend(), block, &Followed::block);
    return latest == followed_.rend() ? std::nullopt : std::optional(latest->at);
}

void ChainWatch::moved(const p2p::TipMove& move) {
    if (const auto& r = move.reorganisation)
        report_(event::Reorganisation{r->depth, r->old_tip, r->new_tip, r->height});
    if (chain_) {
        for (const auto& header : chain_->connected(move, kFollowed))
            followed_.push_back({header.prev, std::chrono::steady_clock::now()});
        while (followed_.size() > kFollowed) followed_.pop_front();
    }
    const bool failed = chain_ && chain_->storage_error();
    if (failed && !std::exchange(storage_failed_, failed))
        report_(event::Message{Severity::Error, "the headers that jobs are judged by are not kept: " +
                                                    chain_->storage_error()->text()});
    storage_failed_ = failed;
    subscribers_.remove_if([](const auto& weak) { return weak.expired(); });
    for (const auto& weak : std::list(subscribers_))
        if (const auto subscriber = weak.lock()) (*subscriber)();
}

ChainWatches::ChainWatches(SourceOptions options, const boost::asio::any_io_executor& executor,
                           ChainWatch::Report report)
    : options_(std::move(options)), executor_(executor), report_(std::move(report)) {}

const chain::Network* ChainWatches::network_of(const std::string& name,
                                               std::span<const std::uint8_t> signet_challenge) {
    const chain::Network* network = chain::find_network(name);
    if (signet_challenge.empty()) signet_challenge = options_.signet_challenge;
    if (signet_challenge.empty() || (network != nullptr && !network->signet())) return network;
    auto custom = chain::custom_signet(signet_challenge);
    const std::string key = custom.stored_name;
    return &signets_.try_emplace(key, std::move(custom)).first->second;
}

Result<ChainWatch*> ChainWatches::of(std::string name, std::span<const std::uint8_t> signet_challenge) {
    if (name.empty()) name = options_.network;
    const auto* network = network_of(name, signet_challenge);
    const auto [entry, fresh] = watches_.try_emplace(network != nullptr ? network->stored_name : "");
    if (!fresh) return entry->second.get();
    if (network == nullptr) {
        if (!name.empty() || options_.peers.empty()) return nullptr;
        return fail(ErrorKind::Usage, "no network to follow", "peers", "the network's name");
    }
    auto watch = ChainWatch::open(*network, options_, executor_, report_);
    if (!watch) return tl::unexpected(watch.error());
    entry->second = std::move(*watch);
    return entry->second.get();
}

void ChainWatches::stop() {
    for (const auto& [name, watch] : watches_)
        if (watch) watch->stop();
}

}  // namespace lode::source
