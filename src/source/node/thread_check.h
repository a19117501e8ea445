// Whether a node has an RPC thread to spare for a long poll.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "net/timer.h"
#include "source/node/rpc.h"

namespace lode::source::node {

// One call blocks at the node for half a second; a second call is answered meanwhile only if another thread
// is free. So the check blocks a node with a single thread for half a second, not for the minutes of a long
// poll, which Bitcoin Core does not end when its client disconnects. Used on the io thread.
class ThreadCheck {
 public:
    enum class Answer {
        Spare,      // there is one
        None,       // all are busy, or there is only one
        Undecided,  // a block came meanwhile: try again
        Unknown,    // the node does not have the call (it is Bitcoin Core's), or does not allow it
    };
    using Done = std::function<void(Answer)>;

    ThreadCheck(const boost::asio::any_io_executor& executor, std::unique_ptr<RpcClient> waiting,
                std::unique_ptr<RpcClient> ordinary);

    // Done is called once, never from inside the call, unless cancelled. One check at a time.
    void run(Done done);
    void cancel();
    [[nodiscard]] bool running() const { return done_ != nullptr; }

 private:
    void finish(Answer answer);

    std::unique_ptr<RpcClient> waiting_, ordinary_;
    net::Timer timer_;
    Done done_;
};

}  // namespace lode::source::node
