// The connection to a node: which network it is on, whether it answers, when to try again, when to give up.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "lode/events.h"
#include "lode/source_options.h"
#include "net/backoff.h"
#include "net/timer.h"
#include "source/node/failure_budget.h"
#include "source/node/rpc.h"

namespace lode::source::node {

// Used on the io thread.
class NodeLink {
 public:
    struct Hooks {
        std::function<void(const Event&)> report;  // SourceConnected, SourceLost
        // The node answers and is on this network (a name of chain::networks()): request work. An Error ends
        // mining.
        std::function<Result<void>(const std::string& network)> identified;
        std::function<void()> lost;  // until identified() comes again
        std::function<void(const Error&)> give_up;
    };

    NodeLink(const boost::asio::any_io_executor& executor, std::unique_ptr<RpcClient> rpc, std::string name,
             const SourceOptions& options, Hooks hooks);

    void start() { identify(); }
    void stop();

    [[nodiscard]] RpcClient& rpc() { return *rpc_; }
    [[nodiscard]] bool up() const { return up_; }
    // Whether the node's last valid answer is at most that old.
    [[nodiscard]] bool good_within(std::chrono::steady_clock::duration age) const;

    // A call failed or its answer was invalid: cancels all calls and retries the node after a pause, or gives
    // up if that is pointless.
    void failed(const RpcFailure& failure, bool final = false);
    void failed(const Error& error, bool final = false) { failed(RpcFailure{error.at(name_)}, final); }
    // The node has answered.
    void answered() { last_good_ = std::chrono::steady_clock::now(); }
    // It has given valid work.
    void good();

 private:
    void identify();
    [[nodiscard]] Result<std::string> network_of(const RpcResult& blockchain_info) const;

    std::unique_ptr<RpcClient> rpc_;
    std::string name_;
    std::string network_option_;
    Hooks hooks_;
    net::Timer reconnect_timer_;
    FailureBudget budget_;
    net::Backoff backoff_;
    std::chrono::steady_clock::time_point last_good_ = std::chrono::steady_clock::now();
    std::string last_error_;  // reported already
    bool up_ = false, connected_ = false, stopped_ = false;
};

}  // namespace lode::source::node
