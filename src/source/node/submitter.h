// Sees every found block through until the node has it or refuses it for good: the journal, and a connection
// of its own that nothing else holds up.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lode/source.h"
#include "source/node/journal.h"
#include "source/node/rpc.h"
#include "source/node/verdict.h"

namespace lode::source::node {

// Lives on the io thread.
class Submitter {
 public:
    struct Hooks {
        std::function<void(event::Severity, std::string)> say;
        // The node has judged a block of this height.
        std::function<void(std::int64_t height)> judged;
    };

    Submitter(const boost::asio::any_io_executor& executor, std::unique_ptr<RpcClient> rpc, Journal journal,
              Hooks hooks);

    // The network that the node is on: its blocks left by earlier processes are sent now.
    void begin(const std::string& network);
    // The callback comes once, when the outcome is known or with Unknown from stop().
    void submit(PendingBlock block, const Hash256& parent, SubmitCallback callback);
    // The node is back: what waits is tried now.
    void hurry();
    void stop();
    // A block on this parent is about to be judged: work on the same parent would make a sibling.
    [[nodiscard]] bool judging(const Hash256& parent) const;

 private:
    struct Entry {
        PendingBlock block;
        Hash256 parent;
        SubmitCallback callback;  // empty for a block of an earlier process
        std::chrono::steady_clock::time_point due;
        std::chrono::milliseconds pause;
        bool tried = false;
        unsigned orphaned = 0;  // times that the node did not know its parent
    };
    using Entries = std::list<Entry>;

    void pump();
    void send(Entries::iterator entry);
    void answered(Entries::iterator entry, const RpcResult& answer);
    void check_chain(Entries::iterator entry, const std::string& reason);
    void retry(Entries::iterator entry, const std::string& reason);
    void settle(Entries::iterator entry, Outcome::Status status, const std::string& reason);

    std::unique_ptr<RpcClient> rpc_;
    Journal journal_;
    Hooks hooks_;
    boost::asio::steady_timer timer_;
    Entries entries_;
    std::string network_;
    Entries::iterator sending_;  // end(): none
    bool begun_ = false, stopped_ = false;
    std::shared_ptr<int> alive_ =
        std::make_shared<int>();  // a timer that has expired may outlive us in the queue
};

}  // namespace lode::source::node
