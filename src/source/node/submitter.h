// Submits every found block until the node has it or refuses it for good. Has a connection of its own, so
// that it waits for no other call.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "lode/source.h"
#include "net/timer.h"
#include "source/node/journal.h"
#include "source/node/rpc.h"

namespace lode::source::node {

// Used on the io thread.
class Submitter {
 public:
    struct Hooks {
        std::function<void(event::Severity, std::string)> say;
        // The node has answered for a block of this height: its tip may have changed.
        std::function<void(std::int64_t height, Outcome::Status status, const std::string& reason)> replied;
    };

    // The thread on which the journal syncs must outlive this.
    Submitter(const boost::asio::any_io_executor& executor, std::unique_ptr<RpcClient> rpc,
              std::filesystem::path data_dir, net::DiskThread& disk, Hooks hooks);

    // network: the node's. Submits its blocks left by earlier processes.
    void begin(const std::string& network);
    // Sends the block as soon as its entry is written, while that is being synced. The callback comes once,
    // never from inside the call: when the outcome is known, or with Unknown from stop().
    void submit(PendingBlock block, const Hash256& parent, SubmitCallback callback);
    // The node is back: retries pending blocks now.
    void retry_now();
    void stop();
    // Whether a block on this parent waits for the node's first answer: more work on the parent would only
    // make a competing block.
    [[nodiscard]] bool awaits_reply_on(const Hash256& parent) const;

 private:
    struct Entry {
        PendingBlock block;
        Hash256 parent;
        SubmitCallback callback;  // empty for a block of an earlier process
        std::chrono::steady_clock::time_point due;
        std::chrono::milliseconds pause;
        bool tried = false;
        unsigned orphaned = 0;  // answers that the parent is unknown
    };
    using Entries = std::list<Entry>;

    void pump();
    void send(Entries::iterator entry);
    void answered(Entries::iterator entry, const RpcResult& answer);
    void check_chain(Entries::iterator entry, const std::string& reason);
    void retry(Entries::iterator entry, const std::string& reason);
    void settle_and_answer(Entries::iterator entry, Outcome::Status status, const std::string& reason);
    void settle(Entries::iterator entry, Outcome::Status status, const std::string& reason);

    std::unique_ptr<RpcClient> rpc_;
    Journal journal_;
    Hooks hooks_;
    net::Timer retry_timer_;
    Entries entries_;
    std::string network_;
    Entries::iterator sending_;  // end(): none
    bool begun_ = false, stopped_ = false;
};

}  // namespace lode::source::node
