// The headers that jobs are judged by: those in the data directory, kept up to date by peers, if there are
// any.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "lode/source_options.h"
#include "p2p/header_chain.h"
#include "p2p/node.h"

namespace lode::source {

class ChainWatch {
 public:
    using Report = std::function<void(const Event&)>;
    using Moved = std::function<void()>;

    // Null if there is nothing to judge by: no peers and no stored headers. report must outlive the watch.
    static Result<std::unique_ptr<ChainWatch>> open(const chain::Network& network,
                                                    const SourceOptions& options,
                                                    const boost::asio::any_io_executor& executor,
                                                    Report report);

    [[nodiscard]] const chain::ChainTracker& tree() const { return chain_->tree(); }
    void ask() {
        if (node_) node_->request_headers();
    }
    // At least one peer is synced: we have all its headers.
    [[nodiscard]] bool synced() const { return node_ && node_->status().synced > 0; }
    // When this block's successor on the best chain arrived; nullopt if there is none, or it was long ago.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> followed_at(
        const Hash256& block) const;
    // Called after the tip has moved, until the returned handle is destroyed.
    [[nodiscard]] std::shared_ptr<Moved> subscribe(Moved moved);
    void stop() {
        if (node_) node_->stop();
    }

 private:
    ChainWatch(Report report) : report_(std::move(report)) {}
    void moved(const p2p::TipMove& move);

    Report report_;
    std::optional<net::DiskThread> disk_;
    std::unique_ptr<p2p::HeaderChain> chain_;
    std::optional<p2p::Node> node_;
    bool storage_failed_ = false;  // and reported
    struct Followed {
        Hash256 block;
        std::chrono::steady_clock::time_point at;
    };
    std::deque<Followed> followed_;  // the latest, oldest first
    std::list<std::weak_ptr<Moved>> subscribers_;
};

// One watch per network, opened when its first job arrives.
class ChainWatches {
 public:
    ChainWatches(SourceOptions options, const boost::asio::any_io_executor& executor,
                 ChainWatch::Report report);

    // Null: nothing to judge by. An empty name means the network of the options. A challenge selects the
    // signet, otherwise it is that of the options. An Error is returned once, then null.
    Result<ChainWatch*> of(std::string network, std::span<const std::uint8_t> signet_challenge = {});
    void stop();

 private:
    const chain::Network* network_of(const std::string& name, std::span<const std::uint8_t> signet_challenge);

    SourceOptions options_;
    std::map<std::string, chain::Network> signets_;  // custom ones, by stored_name
    boost::asio::any_io_executor executor_;
    ChainWatch::Report report_;
    std::map<std::string, std::unique_ptr<ChainWatch>> watches_;  // by stored_name; "": of no network
};

}  // namespace lode::source
