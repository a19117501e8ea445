#include "source/judged/chain_watch.h"

#include <fmt/core.h>

namespace lode::source {

using Severity = event::Severity;

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
    const auto say = [w = watch.get()](Severity severity, std::string text) {
        w->report_(event::Message{severity, std::move(text)});
    };
    for (const auto& remark : watch->chain_->remarks()) say(Severity::Warning, remark);
    const auto& tree = watch->tree();
    if (options.peers.empty()) {
        if (tree.size() <= 1) return nullptr;
    } else {
        auto settings = p2p::node_settings(network, options.peers, "");
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

void ChainWatch::moved(const p2p::TipMove& move) {
    if (move.reorganisation) report_(*move.reorganisation);
    const bool unkept = chain_ && chain_->trouble();
    if (unkept && !std::exchange(unkept_, unkept))
        report_(event::Message{Severity::Error, "the headers that jobs are judged by are not kept: " +
                                                    chain_->trouble()->text()});
    unkept_ = unkept;
    subscribers_.remove_if([](const auto& weak) { return weak.expired(); });
    for (const auto& weak : std::list(subscribers_))
        if (const auto subscriber = weak.lock()) (*subscriber)();
}

Result<ChainWatch*> ChainWatches::of(std::string network) {
    if (network.empty()) network = options_.network;
    if (const auto known = watches_.find(network); known != watches_.end()) return known->second.get();
    auto& place = watches_[network];
    const auto* parameters = chain::find_network(network);
    if (parameters == nullptr) {
        if (!network.empty() || options_.peers.empty()) return nullptr;
        return fail(ErrorKind::Usage, "peers, but no network to follow", "--peer", "--network NAME");
    }
    auto watch = ChainWatch::open(*parameters, options_, executor_, report_);
    if (!watch) return tl::unexpected(watch.error());
    place = std::move(*watch);
    return place.get();
}

void ChainWatches::stop() {
    for (const auto& [name, watch] : watches_)
        if (watch) watch->stop();
}

}  // namespace lode::source
