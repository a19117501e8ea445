// The headers that jobs are judged by: those stored in the data directory, kept up to date by peers where
// there are some.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "chain/p2p/header_chain.h"
#include "chain/p2p/node.h"
#include "source/options.h"

namespace lode::source {

class ChainWatch {
 public:
    using Report = std::function<void(const Event&)>;
    using Moved = std::function<void()>;

    // Nothing where there is nothing to judge by: no peers, and no stored headers. report outlives the watch.
    static Result<std::unique_ptr<ChainWatch>> open(const chain::Network& network,
                                                    const SourceOptions& options,
                                                    const boost::asio::any_io_executor& executor,
                                                    Report report);

    [[nodiscard]] const chain::ChainTracker& tree() const { return chain_->tree(); }
    void ask() {
        if (node_) node_->ask();
    }
    // Some peer has told us all it has.
    [[nodiscard]] bool level() const { return node_ && node_->standing().level > 0; }
    // Called after the tip has moved, until the returned handle is gone.
    [[nodiscard]] std::shared_ptr<Moved> subscribe(Moved moved);
    void stop() {
        if (node_) node_->stop();
    }

 private:
    ChainWatch(Report report) : report_(std::move(report)) {}
    void moved(const p2p::TipMove& move);

    Report report_;
    std::unique_ptr<p2p::HeaderChain> chain_;
    std::optional<p2p::Node> node_;
    bool unkept_ = false;  // and said so
    std::list<std::weak_ptr<Moved>> subscribers_;
};

// One watch a network, opened when a job of it first turns up.
class ChainWatches {
 public:
    ChainWatches(SourceOptions options, const boost::asio::any_io_executor& executor,
                 ChainWatch::Report report)
        : options_(std::move(options)), executor_(executor), report_(std::move(report)) {}

    // Null: nothing to judge by. An empty name is the network of --network. The Error comes once, then null.
    Result<ChainWatch*> of(std::string network);
    void stop();

 private:
    SourceOptions options_;
    boost::asio::any_io_executor executor_;
    ChainWatch::Report report_;
    std::map<std::string, std::unique_ptr<ChainWatch>> watches_;
};

}  // namespace lode::source
